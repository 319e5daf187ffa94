/**
 * How commands meet the shell: spelling of flags, recipes, help, wording of errors, exit codes. The only package that knows
 * picocli, beside the command classes themselves.
 */
package ai.modx.cli;

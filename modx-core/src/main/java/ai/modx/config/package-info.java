/** YAML files as records, with errors that name file, line and key. */
package ai.modx.config;

/** What a run did, on one page for a browser: read from its logs, drawn without anything from outside. */
package ai.modx.report;

/** The command {@code joint-train}. */
package ai.modx.jointtrain;

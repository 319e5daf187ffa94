/** Training runs: the loop, what a method is, progress, logs, saving and continuing. */
package ai.modx.train;

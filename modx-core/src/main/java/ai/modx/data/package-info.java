/** Images with captions: annotation files, the order in which they are visited, and batches in the memory of the engine. */
package ai.modx.data;

/** How weights move: AdamW and the learning rate's schedule. */
package ai.modx.optim;

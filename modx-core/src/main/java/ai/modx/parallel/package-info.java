/** One training step over any number of devices: split the batch, gather the features, sum the gradients. */
package ai.modx.parallel;

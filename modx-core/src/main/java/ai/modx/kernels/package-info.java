/**
 * The matrix products and convolutions of which CLIP's arithmetic consists: their sizes, their number of operations, and whether this machine
 * computes them right.
 */
package ai.modx.kernels;

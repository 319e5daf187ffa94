package ai.modx.model;

import ai.djl.ndarray.NDArray;

/**
 * What the two towers say of a batch of pairs; not normalised.
 *
 * @param image (B, E)
 * @param text  (B, E), row i belonging to row i of image
 */
public record Features(NDArray image, NDArray text) {}

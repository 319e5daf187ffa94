/** Cosine similarities and the contrastive loss. */
package ai.modx.loss;

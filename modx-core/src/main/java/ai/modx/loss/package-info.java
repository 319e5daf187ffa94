/** Cosine similarities and the contrastive loss, which is a few lines of PyTorch. */
package ai.modx.loss;

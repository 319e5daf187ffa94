/** CLIP itself: architectures, the parameters they have, and the TorchScript program that computes with them. */
package ai.modx.model;

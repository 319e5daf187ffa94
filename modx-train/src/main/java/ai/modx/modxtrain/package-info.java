/** Mod-X: what continual training adds to keep the off-diagonal information of the old model. */
package ai.modx.modxtrain;

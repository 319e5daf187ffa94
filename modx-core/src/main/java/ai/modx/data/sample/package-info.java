/**
 * A data set made from nothing: rendered scenes of coloured shapes with captions, in two styles of picture, so that
 * every command can be tried without a download.
 */
package ai.modx.data.sample;

/**
 * How well a model finds the caption of an image and the image of a caption, and what a run in phases did to that:
 * features of a data set, retrieval metrics, results of all phases, tables and plots.
 */
package ai.modx.eval;

/** Linear evaluation: how well a linear classifier does on the features of CLIP's image encoder. */
package ai.modx.lineareval;

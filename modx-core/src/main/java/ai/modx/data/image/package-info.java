/** From image file to network input, equal to Pillow and torchvision to the byte. */
package ai.modx.data.image;

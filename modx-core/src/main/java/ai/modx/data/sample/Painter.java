package ai.modx.data.sample;

import java.awt.image.BufferedImage;

/** A style of picture. */
interface Painter {

    /** The scene as an RGB picture of the given side; equal arguments give equal pixels. */
    BufferedImage paint(Scene scene, int side);
}

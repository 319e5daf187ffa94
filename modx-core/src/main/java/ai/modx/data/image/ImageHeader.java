package ai.modx.data.image;

/** What a file says about its picture before the pixels. */
sealed interface ImageHeader permits JpegHeader, PngHeader {

    /** Columns. */
    int width();

    /** Rows. */
    int height();
}

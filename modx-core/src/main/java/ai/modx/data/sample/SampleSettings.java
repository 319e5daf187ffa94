package ai.modx.data.sample;

import ai.modx.config.ConfigException;

/**
 * How much sample data to generate. Every other size follows from the number of training pictures, so that a data set of
 * one picture still has something in every split.
 *
 * @param images    training pictures of each domain and of the image folder
 * @param seed      the data set's only source of chance
 * @param imageSize side of the square pictures in pixels
 */
public record SampleSettings(int images, long seed, int imageSize) {

    public static final int DEFAULT_IMAGES = 1_000;
    public static final long DEFAULT_SEED = 11;
    public static final int DEFAULT_IMAGE_SIZE = 128;

    static final int MAX_IMAGES = 100_000;
    static final int MIN_IMAGE_SIZE = 32;
    static final int MAX_IMAGE_SIZE = 1_024;

    /** Retrieval compares every picture with every caption; more test pictures than this only take time. */
    private static final int MAX_TEST_IMAGES = 1_000;

    public SampleSettings {
        if (images < 1 || images > MAX_IMAGES) {
            throw new ConfigException("--images " + images + ": expected a number of training pictures from 1 to "
                    + MAX_IMAGES + ".");
        }
        if (imageSize < MIN_IMAGE_SIZE || imageSize > MAX_IMAGE_SIZE) {
            throw new ConfigException("--image_size " + imageSize + ": expected a side in pixels from " + MIN_IMAGE_SIZE + " to "
                    + MAX_IMAGE_SIZE + ".");
        }
    }

    /** A data set for a first try: generated in seconds, learnt in minutes. */
    public static SampleSettings defaults() {
        return new SampleSettings(DEFAULT_IMAGES, DEFAULT_SEED, DEFAULT_IMAGE_SIZE);
    }

    int testImages() {
        return Math.min(Math.max(1, images / 5), MAX_TEST_IMAGES);
    }

    int valImages() {
        return Math.min(Math.max(1, images / 10), MAX_TEST_IMAGES);
    }

    /** At least one picture of every class that the folder's training part has. */
    int folderValImages() {
        return Math.max(folderClasses(), testImages());
    }

    int folderClasses() {
        return Math.min(images, Figure.values().length);
    }
}

package ai.modx.eval;

/** Which side of an image-text pair is looked for. */
public enum Direction {
    /** An image is given, one of its captions is to be found. */
    I2T,
    /** A caption is given, its image is to be found. */
    T2I;

    /** As in JSON and CSV files: {@code i2t} or {@code t2i}. */
    public String key() {
        return this == I2T ? "i2t" : "t2i";
    }
}

package ai.modx.data.image;

/** Bytes as fractions of 255. */
final class Fractions {

    private Fractions() {}

    /** a * b / 255, rounded to the nearest, without a division; exact for all bytes. */
    static int product(int a, int b) {
        int sum = a * b + 128;
        return sum + (sum >> 8) >> 8;
    }
}

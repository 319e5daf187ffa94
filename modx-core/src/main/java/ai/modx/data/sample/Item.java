package ai.modx.data.sample;

/**
 * One shape of a scene. Lengths are fractions of the picture's side; y points down.
 *
 * @param large  whether captions call it large, else small
 * @param x      centre
 * @param y      centre
 * @param radius half the side of the square that the shape fits in
 * @param tilt   rotation in radians
 */
record Item(Figure figure, Hue hue, boolean large, double x, double y, double radius, double tilt) {

    /** {@code red heart}. */
    String name() {
        return hue.word() + " " + figure.word();
    }

    /** {@code small red heart}. */
    String fullName() {
        return size() + " " + name();
    }

    String size() {
        return large ? "large" : "small";
    }
}

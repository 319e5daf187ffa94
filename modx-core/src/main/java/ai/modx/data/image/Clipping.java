package ai.modx.data.image;

/** Numbers to the range of a byte. */
final class Clipping {

    private Clipping() {}

    /** 0 or 255 instead of what lies below or above; not with min and max, which Java 17 does not vectorise. */
    static int toByte(int value) {
        int room = 255 - value;
        int atMost = 255 - (room & ~(room >> 31));
        return atMost & ~(atMost >> 31);
    }
}

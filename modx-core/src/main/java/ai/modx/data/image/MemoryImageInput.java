package ai.modx.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes of an image file for ImageIO, read in place. Remembers whether a reader asked for more than there is: the JDK's
 * JPEG reader fills what a truncated file lacks with gray and only warns, in the language of the user.
 */
final class MemoryImageInput extends ImageInputStreamImpl {

    private final byte[] data;
    private final int size;
    private boolean exhausted;

    MemoryImageInput(byte[] data, int size) {
        this.data = data;
        this.size = size;
    }

    /** Whether a read went past the end. */
    boolean exhausted() {
        return exhausted;
    }

    @Override
    public int read() {
        bitOffset = 0;
        if (streamPos >= size) {
            exhausted = true;
            return -1;
        }
        return data[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= size) {
            exhausted = true;
            return -1;
        }
        int count = (int) Math.min(length, size - streamPos);
        System.arraycopy(data, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return size;
    }
}

package ai.modx.data.image;

import ai.modx.data.DataException;
import ai.modx.data.SplitMix;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * From an image file to the bytes that the model takes, as torchvision's {@code ImageFolder} and its transforms do it: the
 * picture becomes RGB first and is cropped and resized afterwards, where {@link ImageLoader} does it the other way round. Keeps
 * decoders and scratch memory, and so belongs to one thread.
 */
public final class RgbImageLoader implements AutoCloseable {

    private static final int BANDS = 3;

    private final ImageDecoder decoder = new ImageDecoder();
    private final ByteResampler resampler = new ByteResampler();
    private byte[] picture = {}; // [height, width, 3]
    private byte[] box = {}; // [box height, box width, 3]
    private byte[] image = {}; // [S, S, 3]

    /**
     * Decodes an image, resizes it and crops its middle.
     *
     * @param target receives [S, S, 3] bytes from {@code offset} on; its position does not matter and is not changed
     * @throws DataException if the file is missing or cannot be decoded; it is named
     */
    public void load(Path file, ImageTransform transform, ByteBuffer target, int offset) {
        Picture decoded = decode(file);
        transform.requireComputable(file, decoded);
        image = atLeast(image, transform.imageBytes());
        resampler.resample(picture, BANDS, transform.filter(), transform.across(decoded.width(), decoded.height()),
                transform.down(decoded.width(), decoded.height()), image);
        target.put(offset, image, 0, transform.imageBytes());
    }

    /**
     * Decodes an image, crops it at random, resizes and perhaps mirrors it.
     *
     * @param random decides; one number sequence gives one crop
     * @param target receives [S, S, 3] bytes from {@code offset} on
     * @throws DataException as above
     */
    public void load(Path file, RandomResizedCrop crop, SplitMix random, ByteBuffer target, int offset) {
        Picture decoded = decode(file);
        load(decoded, crop.draw(decoded.width(), decoded.height(), random), crop.side(), target, offset);
    }

    /** The given box of an image file; see above. */
    void load(Path file, CropBox part, int side, ByteBuffer target, int offset) {
        load(decode(file), part, side, target, offset);
    }

    private void load(Picture decoded, CropBox part, int side, ByteBuffer target, int offset) {
        // Cut out first: what lies outside of the box must not be mixed in at its edges.
        cut(decoded.width(), part);
        image = atLeast(image, BANDS * side * side);
        resampler.resample(box, BANDS, RandomResizedCrop.FILTER, Span.centred(part.width(), side, side), Span.centred(part.height(), side, side), image);
        if (part.mirrored()) {
            mirror(side);
        }
        target.put(offset, image, 0, BANDS * side * side);
    }

    /** Fills {@link #picture} and returns what else is known of it. */
    private Picture decode(Path file) {
        Picture decoded = decoder.decode(file);
        int pixels = decoded.width() * decoded.height();
        picture = atLeast(picture, BANDS * pixels);
        if (decoded.mode() == PixelMode.GRAY16) {
            RgbConversion.convert(PixelMode.GRAY, clipped(decoded.samples(), pixels), decoded.palette(), pixels, picture);
        } else {
            RgbConversion.convert(decoded.mode(), decoded.samples(), decoded.palette(), pixels, picture);
        }
        return decoded;
    }

    /** 16 bits to 8 as Pillow's {@code convert} does it: mostly white. */
    private static byte[] clipped(byte[] samples, int pixels) {
        byte[] gray = new byte[pixels];
        for (int i = 0; i < pixels; i++) {
            gray[i] = samples[2 * i] == 0 ? samples[2 * i + 1] : (byte) 255;
        }
        return gray;
    }

    private void cut(int width, CropBox part) {
        int row = BANDS * part.width();
        box = atLeast(box, row * part.height());
        for (int y = 0; y < part.height(); y++) {
            System.arraycopy(picture, BANDS * ((part.top() + y) * width + part.left()), box, y * row, row);
        }
    }

    private void mirror(int side) {
        for (int y = 0; y < side; y++) {
            int left = BANDS * y * side;
            for (int right = left + BANDS * (side - 1); left < right; left += BANDS, right -= BANDS) {
                for (int band = 0; band < BANDS; band++) {
                    byte moved = image[left + band];
                    image[left + band] = image[right + band];
                    image[right + band] = moved;
                }
            }
        }
    }

    private static byte[] atLeast(byte[] array, int bytes) {
        return array.length >= bytes ? array : new byte[bytes];
    }

    @Override
    public void close() {
        decoder.close();
    }
}

package ai.modx.data.image;

import ai.modx.data.DataException;
import ai.modx.data.SplitMix;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * From an image file to the bytes that the model takes, as torchvision's {@code ImageFolder} and its transforms do it: the
 * picture becomes RGB first and is cropped and resized afterwards, where {@link ImageLoader} does it the other way round. Keeps
 * decoders and scratch memory, and so belongs to one thread.
 */
public final class RgbImageLoader implements AutoCloseable {

    private static final int BANDS = 3;

    private final ImageDecoder decoder = new ImageDecoder();
    private final ColumnResampler resampler = new ColumnResampler();
    private byte[] picture = {}; // [height, width, 3], of those with fewer bytes
    private byte[] resized = {}; // [S, S, 1 or 3]
    private byte[] image = {}; // [S, S, 3]

    /**
     * Decodes an image, resizes it and crops its middle.
     *
     * @param target receives [S, S, 3] bytes from {@code offset} on; its position does not matter and is not changed
     * @throws DataException if the file is missing or cannot be decoded; it is named
     */
    public void load(Path file, ImageTransform transform, ByteBuffer target, int offset) {
        ImageDecoder.Source source = decoder.open(file);
        transform.requireComputable(file, source.width(), source.height());
        resize(source, Resize.of(transform.filter(), transform.across(source.width(), source.height()),
                transform.down(source.width(), source.height())), transform.side());
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
        ImageDecoder.Source source = decoder.open(file);
        load(source, crop.draw(source.width(), source.height(), random), crop.side(), target, offset);
    }

    /** The given box of an image file; see above. */
    void load(Path file, CropBox part, int side, ByteBuffer target, int offset) {
        load(decoder.open(file), part, side, target, offset);
    }

    private void load(ImageDecoder.Source source, CropBox box, int side, ByteBuffer target, int offset) {
        resize(source, Resize.of(RandomResizedCrop.FILTER, Span.centred(box.width(), side, side), Span.centred(box.height(), side, side),
                box.left(), box.top()), side);
        if (box.mirrored()) {
            mirror(side);
        }
        target.put(offset, image, 0, BANDS * side * side);
    }

    /** Fills {@link #image}. */
    private void resize(ImageDecoder.Source source, Resize resize, int side) {
        image = atLeast(image, BANDS * side * side);
        Optional<PixelColumns> part = source.columns(resize.part());
        if (part.isPresent()) {
            resized = atLeast(resized, part.get().bands() * side * side);
            resampler.resample(part.get(), resize, resized);
            RgbConversion.convert(part.get().bands(), resized, side * side, image);
        } else {
            Picture whole = source.picture();
            resampler.resample(new PictureColumns(convert(whole), whole.width(), BANDS, resize.part()), resize, image);
        }
    }

    /** The picture's pixels, [height, width, 3]; in its own memory if there is room. */
    private byte[] convert(Picture decoded) {
        int pixels = decoded.width() * decoded.height();
        byte[] rgb = decoded.samples();
        if (decoded.mode().bytes() < BANDS) {
            picture = atLeast(picture, BANDS * pixels);
            rgb = picture;
        }
        RgbConversion.convert(decoded.mode(), decoded.samples(), decoded.palette(), pixels, rgb);
        return rgb;
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

package ai.modx.data.image;

import ai.modx.data.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * From an image file to the bytes that the model takes. Equals Pillow and torchvision to the byte, for which the picture is
 * resized in its own mode and converted to RGB last. Keeps decoders and scratch memory, and so belongs to one thread.
 */
public final class ImageLoader implements AutoCloseable {

    private final ImageTransform transform;
    private final ImageDecoder decoder = new ImageDecoder();
    private final ColumnResampler columnResampler = new ColumnResampler();
    private final WideResampler wideResampler = new WideResampler();
    private final NearestSampler nearestSampler = new NearestSampler();
    private final byte[] cropped; // [S, S, up to 4], in the picture's own mode
    private final byte[] rgb; // [S, S, 3]

    public ImageLoader(ImageTransform transform) {
        this.transform = transform;
        this.cropped = new byte[transform.imageBytes() / 3 * 4];
        this.rgb = new byte[transform.imageBytes()];
    }

    /**
     * Decodes and transforms an image.
     *
     * @param target receives [S, S, 3] RGB bytes from {@code offset} on; its position does not matter and is not changed
     * @throws DataException if the file is missing or cannot be decoded; it is named
     */
    public void load(Path file, ByteBuffer target, int offset) {
        ImageDecoder.Source source = decoder.open(file);
        transform.requireComputable(file, source.width(), source.height());
        Span across = transform.across(source.width(), source.height());
        Span down = transform.down(source.width(), source.height());
        Resize resize = Resize.of(transform.filter(), across, down);
        Optional<PixelColumns> decoded = source.columns(resize.part());
        int pixels = transform.side() * transform.side();
        if (decoded.isPresent()) {
            columnResampler.resample(decoded.get(), resize, cropped);
            RgbConversion.convert(decoded.get().bands(), cropped, pixels, rgb);
        } else {
            Picture picture = source.picture();
            PixelMode mode = resample(picture, across, down, resize);
            RgbConversion.convert(mode, cropped, picture.palette(), pixels, rgb);
        }
        target.put(offset, rgb);
    }

    /** Fills {@link #cropped} and returns the mode in which it is. */
    private PixelMode resample(Picture picture, Span across, Span down, Resize resize) {
        PixelMode mode = picture.mode();
        if (mode.isCode()) {
            nearestSampler.resample(picture.samples(), across, down, cropped);
        } else if (mode == PixelMode.GRAY16) {
            wideResampler.resample(picture.samples(), transform.filter(), across, down, cropped);
            return PixelMode.GRAY;
        } else if (mode.hasAlpha() && !(across.isIdentity() && down.isIdentity())) {
            int bytes = picture.width() * picture.height() * mode.bytes();
            AlphaWeighting.premultiply(picture.samples(), bytes, mode.bytes());
            columnResampler.resample(new PictureColumns(picture.samples(), picture.width(), mode.bytes(), resize.part()), resize, cropped);
            AlphaWeighting.divide(cropped, transform.side() * transform.side() * mode.bytes(), mode.bytes());
        } else {
            columnResampler.resample(new PictureColumns(picture.samples(), picture.width(), mode.bytes(), resize.part()), resize, cropped);
        }
        return mode;
    }

    @Override
    public void close() {
        decoder.close();
    }
}

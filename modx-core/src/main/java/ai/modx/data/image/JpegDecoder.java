package ai.modx.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * Decodes JPEG of all kinds with the JDK's reader (libjpeg), which is only asked for the components as stored; colours are converted here,
 * by libjpeg's rules. That also covers four components, and avoids the JDK's guesses and profile conversions.
 */
final class JpegDecoder implements AutoCloseable {

    private static final YccToRgb YCC_TO_RGB = new YccToRgb();

    private final ImageReader reader = JdkReaders.open("jpeg");

    /**
     * @param header of the same data
     * @throws EOFException if the data end too early
     * @throws IOException  if they are no JPEG that can be decoded
     */
    Picture decode(JpegHeader header, byte[] data, int size) throws IOException {
        MemoryImageInput input = new MemoryImageInput(data, size);
        Raster raster;
        try {
            reader.setInput(input, true, true);
            raster = reader.readRaster(0, null);
        } finally {
            reader.reset();
        }
        if (input.exhausted()) {
            throw new EOFException();
        }
        byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
        int pixels = header.width() * header.height();
        if (samples.length != pixels * header.components()) {
            throw new IOException("the decoder gave " + samples.length + " bytes for " + header);
        }
        if (header.luma()) {
            YCC_TO_RGB.convert(samples, pixels, header.components());
        }
        PixelMode mode = switch (header.components()) {
            case 1 -> PixelMode.GRAY;
            case 3 -> PixelMode.RGB;
            default -> PixelMode.CMYK;
        };
        if (mode == PixelMode.CMYK) {
            invertInks(samples, header.luma());
        }
        return new Picture(header.width(), header.height(), mode, samples);
    }

    /**
     * Four-component files hold inverted inks (Adobe's convention, which Pillow assumes for all). With luma, libjpeg and
     * Pillow both invert the first three, which cancels out.
     */
    private static void invertInks(byte[] samples, boolean luma) {
        for (int i = 0; i < samples.length; i++) {
            if (!luma || (i & 3) == 3) {
                samples[i] = (byte) ~samples[i];
            }
        }
    }

    @Override
    public void close() {
        reader.dispose();
    }
}

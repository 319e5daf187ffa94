package ai.modx.data.image;

import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageReader;

/** Decodes PNG with the JDK's reader, to the samples in the file: no gamma, no colour profile, transparent colours ignored. */
final class PngDecoder implements AutoCloseable {

    private final ImageReader reader = JdkReaders.open("png");

    /**
     * @param header of the same data
     * @throws EOFException if the data end too early
     * @throws IOException  if they are no PNG that can be decoded
     */
    Picture decode(PngHeader header, byte[] data, int size) throws IOException {
        PixelMode mode = header.mode();
        MemoryImageInput input = new MemoryImageInput(data, size);
        try {
            reader.setInput(input, true, true);
            Raster raster = reader.read(0).getRaster();
            return new Picture(header.width(), header.height(), mode, samples(header, mode, raster), header.palette());
        } catch (IOException e) {
            if (input.exhausted()) {
                throw (EOFException) new EOFException().initCause(e);
            }
            throw e;
        } finally {
            reader.reset();
        }
    }

    private static byte[] samples(PngHeader header, PixelMode mode, Raster raster) {
        Object elements = raster.getDataElements(0, 0, header.width(), header.height(), null);
        int stored = raster.getNumDataElements(); // one more than the file has where the JDK adds alpha for a transparent colour
        int bands = mode == PixelMode.GRAY16 ? 1 : mode.bytes();
        int pixels = header.width() * header.height();
        if (elements instanceof short[] wide) {
            return mode == PixelMode.GRAY16 ? bothBytes(wide, stored, pixels) : highBytes(wide, stored, bands, pixels);
        }
        byte[] bytes = (byte[]) elements;
        if (stored != bands) {
            bytes = firstBands(bytes, stored, bands, pixels);
        }
        if (header.colour() == 0 && header.depth() < 8) {
            scaleToFullRange(bytes, header.depth());
        }
        return bytes;
    }

    private static byte[] bothBytes(short[] wide, int stored, int pixels) {
        byte[] bytes = new byte[2 * pixels];
        for (int i = 0; i < pixels; i++) {
            bytes[2 * i] = (byte) (wide[i * stored] >> 8);
            bytes[2 * i + 1] = (byte) wide[i * stored];
        }
        return bytes;
    }

    private static byte[] highBytes(short[] wide, int stored, int bands, int pixels) {
        byte[] bytes = new byte[bands * pixels];
        for (int i = 0; i < pixels; i++) {
            for (int band = 0; band < bands; band++) {
                bytes[i * bands + band] = (byte) (wide[i * stored + band] >> 8);
            }
        }
        return bytes;
    }

    private static byte[] firstBands(byte[] all, int stored, int bands, int pixels) {
        byte[] bytes = new byte[bands * pixels];
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(all, i * stored, bytes, i * bands, bands);
        }
        return bytes;
    }

    private static void scaleToFullRange(byte[] bytes, int depth) {
        int factor = 255 / ((1 << depth) - 1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] *= (byte) factor;
        }
    }

    @Override
    public void close() {
        reader.dispose();
    }
}

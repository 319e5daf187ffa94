package ai.modx.data;

import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import java.nio.ByteBuffer;
import java.util.List;

/** Images, each with one of its captions. */
public final class CaptionSamples implements Samples {

    private final List<CaptionedImage> images;
    private final CaptionTokens tokens;
    private final ImageTransform transform;

    public CaptionSamples(List<CaptionedImage> images, CaptionTokens tokens, ImageTransform transform) {
        this.images = List.copyOf(images);
        this.tokens = tokens;
        this.transform = transform;
    }

    @Override
    public int imageSide() {
        return transform.side();
    }

    @Override
    public int contextLength() {
        return tokens.contextLength();
    }

    @Override
    public String name(int index) {
        return images.get(index).file().toString();
    }

    @Override
    public Reader open() {
        return new CaptionReader();
    }

    private final class CaptionReader implements Reader {

        private final ImageLoader loader = new ImageLoader(transform);

        @Override
        public void read(int epoch, int index, ByteBuffer target, int[] ids, int row) {
            CaptionedImage image = images.get(index);
            System.arraycopy(tokens.of(image.captions(), epoch, index), 0, ids, row * contextLength(), contextLength());
            loader.load(image.file(), target, row * transform.imageBytes());
        }

        @Override
        public void close() {
            loader.close();
        }
    }
}

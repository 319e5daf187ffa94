package ai.modx.data;

import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** Images, each with one of its captions. */
public final class CaptionSamples implements Samples {

    private final List<CaptionedImage> images;
    private final Function<String, int[]> tokenizer;
    private final int contextLength;
    private final CaptionChoice choice;
    private final ImageTransform transform;

    /**
     * @param tokenizer     caption to exactly {@code contextLength} ids; called by many threads at once
     * @param contextLength L
     */
    public CaptionSamples(List<CaptionedImage> images, Function<String, int[]> tokenizer, int contextLength, CaptionChoice choice,
            ImageTransform transform) {
        this.images = List.copyOf(images);
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.choice = choice;
        this.transform = transform;
    }

    @Override
    public int imageSide() {
        return transform.side();
    }

    @Override
    public int contextLength() {
        return contextLength;
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
        public void read(int epoch, int index, ByteBuffer target, int[] tokens, int row) {
            CaptionedImage image = images.get(index);
            List<String> captions = image.captions();
            int[] ids = tokenizer.apply(captions.get(choice.choose(epoch, index, captions.size())));
            if (ids.length != contextLength) {
                throw new IllegalStateException("the tokenizer gave " + ids.length + " tokens instead of " + contextLength);
            }
            System.arraycopy(ids, 0, tokens, row * contextLength, contextLength);
            loader.load(image.file(), target, row * transform.imageBytes());
        }

        @Override
        public void close() {
            loader.close();
        }
    }
}

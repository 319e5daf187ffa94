package ai.modx.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Samples of one image file each: images alone, whose batches have no tokens, or with one of their captions. */
public final class ImageSamples implements Samples {

    /** The token ids, [L], that go with an image. */
    private interface Text {

        int[] tokens(int epoch, int index);
    }

    private static final int[] NO_TOKENS = {};

    private final List<Path> files;
    private final ImageView view;
    private final int contextLength;
    private final Text text;

    private ImageSamples(List<Path> files, ImageView view, int contextLength, Text text) {
        this.files = List.copyOf(files);
        this.view = view;
        this.contextLength = contextLength;
        this.text = text;
    }

    /** Images alone. */
    public static ImageSamples of(List<Path> files, ImageView view) {
        return new ImageSamples(files, view, 0, (epoch, index) -> NO_TOKENS);
    }

    /** Images, each with one of its captions. */
    public static ImageSamples captioned(List<CaptionedImage> images, CaptionTokens tokens, ImageView view) {
        return new ImageSamples(images.stream().map(CaptionedImage::file).toList(), view, tokens.contextLength(),
                (epoch, index) -> tokens.of(images.get(index).captions(), epoch, index));
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int imageSide() {
        return view.side();
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public String name(int index) {
        return files.get(index).toString();
    }

    @Override
    public Reader open() {
        ImageView.Loader loader = view.open();
        return new Reader() {
            @Override
            public Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row) {
                System.arraycopy(text.tokens(epoch, index), 0, tokens, row * contextLength, contextLength);
                loader.load(files.get(index), epoch, index, images, row * 3 * view.side() * view.side());
                return Loaded.asked(index);
            }

            @Override
            public void close() {
                loader.close();
            }
        };
    }
}

package ai.modx.data;

import ai.modx.data.image.ImageTransform;
import ai.modx.data.image.RandomResizedCrop;
import ai.modx.data.image.RgbImageLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The images of an {@link ImageFolder}, transformed as classifiers are trained and evaluated; their batches have no tokens. */
public final class FolderSamples implements Samples {

    /** How an image is loaded. */
    private interface View {

        void load(RgbImageLoader loader, int epoch, int index, ByteBuffer target, int offset);
    }

    /** Keeps the numbers of the crops apart from the order of the images. */
    private static final long PURPOSE = 'R';

    private final List<Path> files;
    private final int side;
    private final View view;

    private FolderSamples(List<Path> files, int side, View view) {
        this.files = files;
        this.side = side;
        this.view = view;
    }

    /** The same view of an image in every epoch: resized, and cropped in the middle. */
    public static FolderSamples centred(ImageFolder folder, ImageTransform transform) {
        List<Path> files = folder.files();
        return new FolderSamples(files, transform.side(), (loader, epoch, index, target, offset) ->
                loader.load(files.get(index), transform, target, offset));
    }

    /** A random crop, perhaps mirrored, that depends on the seed, the epoch and the image's number only. */
    public static FolderSamples cropped(ImageFolder folder, RandomResizedCrop crop, long seed) {
        List<Path> files = folder.files();
        return new FolderSamples(files, crop.side(), (loader, epoch, index, target, offset) ->
                loader.load(files.get(index), crop, SplitMix.of(PURPOSE, seed, epoch, index), target, offset));
    }

    @Override
    public int imageSide() {
        return side;
    }

    @Override
    public int contextLength() {
        return 0;
    }

    @Override
    public String name(int index) {
        return files.get(index).toString();
    }

    @Override
    public Reader open() {
        return new ImageReader();
    }

    private final class ImageReader implements Reader {

        private final RgbImageLoader loader = new RgbImageLoader();

        @Override
        public void read(int epoch, int index, ByteBuffer target, int[] tokens, int row) {
            view.load(loader, epoch, index, target, row * 3 * side * side);
        }

        @Override
        public void close() {
            loader.close();
        }
    }
}

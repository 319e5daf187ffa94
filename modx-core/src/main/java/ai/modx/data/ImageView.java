package ai.modx.data;

import ai.modx.data.image.ImageTransform;
import ai.modx.data.image.RandomResizedCrop;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** How an image file becomes the pixels of a sample: a function of the file, the epoch and the sample's number alone. */
public interface ImageView {

    /** S: images are [S, S, 3]. */
    int side();

    /** If the pixels depend on the file alone: what is done with it, in words that no other view has. */
    Optional<String> fixed();

    /** A loader with its own scratch memory, for one thread. */
    Loader open();

    /** Loads images one by one. */
    interface Loader extends AutoCloseable {

        /**
         * Decodes and transforms an image.
         *
         * @param target receives [S, S, 3] bytes from {@code offset} on; only absolute puts
         * @throws DataException if the file cannot be loaded; it is named
         */
        void load(Path file, int epoch, int index, ByteBuffer target, int offset);

        @Override
        void close();
    }

    /** CLIP's way: the picture is transformed in its own mode. The same in every epoch. */
    static ImageView of(ImageTransform transform) {
        return new ClipView(transform);
    }

    /** As classifiers are evaluated: made RGB, resized, and cropped in the middle. The same in every epoch. */
    static ImageView centred(ImageTransform transform) {
        return new RgbView(transform.side(), Optional.of("RGB, " + transform.words()), (loader, file, epoch, index, target, offset) -> loader.load(file, transform, target, offset));
    }

    /** As classifiers are trained: a random crop, perhaps mirrored, that depends on the seed, the epoch and the sample's number. */
    static ImageView cropped(RandomResizedCrop crop, long seed) {
        return new RgbView(crop.side(), Optional.empty(), (loader, file, epoch, index, target, offset) ->
                loader.load(file, crop, SplitMix.of(RgbView.PURPOSE, seed, epoch, index), target, offset));
    }
}

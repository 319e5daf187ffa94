package ai.modx.data;

import ai.modx.data.image.RgbImageLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Pictures that become RGB first, as torchvision's {@code ImageFolder} loads them. */
record RgbView(int side, Optional<String> fixed, Part part) implements ImageView {

    /** Keeps the numbers of random crops apart from the order of the images. */
    static final long PURPOSE = 'R';

    /** What is taken of a picture. */
    interface Part {

        void load(RgbImageLoader loader, Path file, int epoch, int index, ByteBuffer target, int offset);
    }

    @Override
    public Loader open() {
        RgbImageLoader loader = new RgbImageLoader();
        return new Loader() {
            @Override
            public void load(Path file, int epoch, int index, ByteBuffer target, int offset) {
                part.load(loader, file, epoch, index, target, offset);
            }

            @Override
            public void close() {
                loader.close();
            }
        };
    }
}

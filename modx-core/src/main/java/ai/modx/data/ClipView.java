package ai.modx.data;

import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Pictures that are transformed in their own mode, as CLIP is trained. */
record ClipView(ImageTransform transform) implements ImageView {

    @Override
    public int side() {
        return transform.side();
    }

    @Override
    public Optional<String> fixed() {
        return Optional.of("own mode, " + transform.words());
    }

    @Override
    public Loader open() {
        ImageLoader loader = new ImageLoader(transform);
        return new Loader() {
            @Override
            public void load(Path file, int epoch, int index, ByteBuffer target, int offset) {
                loader.load(file, target, offset);
            }

            @Override
            public void close() {
                loader.close();
            }
        };
    }
}

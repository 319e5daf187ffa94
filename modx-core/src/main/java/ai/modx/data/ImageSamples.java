package ai.modx.data;

import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Images alone; their batches have no tokens. */
public final class ImageSamples implements Samples {

    private final List<Path> files;
    private final ImageTransform transform;

    public ImageSamples(List<Path> files, ImageTransform transform) {
        this.files = List.copyOf(files);
        this.transform = transform;
    }

    @Override
    public int imageSide() {
        return transform.side();
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

        private final ImageLoader loader = new ImageLoader(transform);

        @Override
        public void read(int epoch, int index, ByteBuffer target, int[] tokens, int row) {
            loader.load(files.get(index), target, row * transform.imageBytes());
        }

        @Override
        public void close() {
            loader.close();
        }
    }
}

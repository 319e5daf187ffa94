package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.LazyTensor;
import ai.modx.torch.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A safetensors file of float32 matrices that are filled row by row, in any order; none of them is in memory as a whole. */
public final class MatrixFile {

    private record Matrix(long offset, int rowBytes) {}

    private final Path file;
    private final FileChannel out;
    private final Map<String, Matrix> matrices = new HashMap<>();
    private final AtomicLong rows = new AtomicLong();

    private MatrixFile(Path file, FileChannel out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Writes a file, atomically.
     *
     * @param shapes   rows and columns of every matrix
     * @param metadata texts about the file
     * @param filler   puts every row
     * @throws SaveException if the file cannot be written
     */
    public static void write(Path file, Map<String, long[]> shapes, Map<String, String> metadata, Consumer<MatrixFile> filler) {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> tensors.put(name, new LazyTensor(ElementType.FLOAT32, shape, () -> {
            throw new IllegalStateException("The elements of " + name + " are put row by row");
        })));
        ByteBuffer header = SafetensorsWriter.header(List.copyOf(tensors.entrySet()), metadata);
        AtomicFile.write(file, out -> {
            MatrixFile matrices = new MatrixFile(file, out);
            matrices.place(shapes, header.remaining());
            while (header.hasRemaining()) {
                out.write(header);
            }
            filler.accept(matrices);
            long rows = shapes.values().stream().mapToLong(shape -> shape[0]).sum();
            if (matrices.rows.get() != rows) {
                throw new IllegalStateException("Of " + rows + " rows of " + file + ", " + matrices.rows + " were put");
            }
        });
    }

    private void place(Map<String, long[]> shapes, long start) {
        long offset = start;
        for (Map.Entry<String, long[]> matrix : shapes.entrySet()) {
            matrices.put(matrix.getKey(), new Matrix(offset, Math.toIntExact(matrix.getValue()[1] * Float.BYTES)));
            offset += HostTensor.numel(matrix.getValue()) * Float.BYTES;
        }
    }

    /** Puts one row, each once; from any thread. */
    public void put(String matrix, long row, ByteBuffer values) {
        Matrix place = matrices.get(matrix);
        if (values.remaining() != place.rowBytes) {
            throw new IllegalArgumentException("A row of " + matrix + " has " + place.rowBytes + " bytes, not " + values.remaining());
        }
        rows.incrementAndGet();
        ByteBuffer bytes = values.duplicate();
        try {
            long position = place.offset + row * place.rowBytes;
            while (bytes.hasRemaining()) {
                position += out.write(bytes, position);
            }
        } catch (IOException e) {
            throw new SaveException("Cannot write " + file + ": " + SaveException.cause(e, file), e);
        }
    }
}

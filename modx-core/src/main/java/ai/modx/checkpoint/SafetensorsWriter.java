package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import ai.modx.torch.TensorSource;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes named tensors, and strings about them, in the safetensors format. */
final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /**
     * Writes a file, atomically, loading one tensor at a time. Equal input gives equal bytes.
     *
     * @throws SaveException if the file cannot be written
     */
    static void write(Path file, Map<String, ? extends TensorSource> tensors, Map<String, String> metadata) {
        // Wide elements first keeps every tensor aligned to its element size without gaps, which the format forbids.
        List<Map.Entry<String, ? extends TensorSource>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparing(tensor -> -tensor.getValue().type().bytes()));
        ByteBuffer header = header(inOrder, metadata);
        AtomicFile.write(file, out -> {
            while (header.hasRemaining()) {
                out.write(header);
            }
            for (Map.Entry<String, ? extends TensorSource> tensor : inOrder) {
                ByteBuffer data = tensor.getValue().load().data();
                while (data.hasRemaining()) {
                    out.write(data);
                }
            }
        });
    }

    /** Everything before the elements. */
    static ByteBuffer header(List<Map.Entry<String, ? extends TensorSource>> tensors, Map<String, String> metadata) {
        ObjectNode header = new ObjectMapper().createObjectNode();
        ObjectNode texts = header.putObject(SafetensorsFile.METADATA);
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, ? extends TensorSource> tensor : tensors) {
            long[] shape = tensor.getValue().shape();
            long end = offset + HostTensor.numel(shape) * tensor.getValue().type().bytes();
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", tensor.getValue().type().safetensorsName());
            Arrays.stream(shape).forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padding = -json.length & (Long.BYTES - 1);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length + padding).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }
}

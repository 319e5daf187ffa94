package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Judges whether the numbers of tensors are numbers: neither infinite nor undefined. */
final class FiniteTensors {

    private static final int FLOAT32_EXPONENT = 0x7f800000;
    private static final long FLOAT64_EXPONENT = 0x7ff0000000000000L;
    private static final short FLOAT16_EXPONENT = 0x7c00;
    private static final short BFLOAT16_EXPONENT = 0x7f80;

    private FiniteTensors() {}

    /**
     * How many elements are no finite numbers, of every tensor that has any, in order. All tensors are read, by
     * several threads.
     */
    static Map<String, Long> broken(Map<String, HostTensor> tensors) {
        Map<String, LongAdder> counts = new LinkedHashMap<>();
        tensors.keySet().forEach(name -> counts.put(name, new LongAdder()));
        tensors.entrySet().parallelStream()
                .forEach(tensor -> counts.get(tensor.getKey()).add(broken(tensor.getValue())));
        Map<String, Long> broken = new LinkedHashMap<>();
        counts.forEach((name, count) -> {
            if (count.sum() > 0) {
                broken.put(name, count.sum());
            }
        });
        return broken;
    }

    /** An element is finite unless all bits of its exponent are set. */
    private static long broken(HostTensor tensor) {
        ByteBuffer data = tensor.data();
        int elements = data.remaining() / tensor.type().bytes();
        long count = 0;
        switch (tensor.type()) {
            case FLOAT32 -> {
                for (int i = 0; i < elements; i++) {
                    count += (data.getInt(4 * i) & FLOAT32_EXPONENT) == FLOAT32_EXPONENT ? 1 : 0;
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < elements; i++) {
                    count += (data.getLong(8 * i) & FLOAT64_EXPONENT) == FLOAT64_EXPONENT ? 1 : 0;
                }
            }
            case FLOAT16, BFLOAT16 -> {
                short exponent = tensor.type().name().startsWith("B") ? BFLOAT16_EXPONENT : FLOAT16_EXPONENT;
                for (int i = 0; i < elements; i++) {
                    count += (data.getShort(2 * i) & exponent) == exponent ? 1 : 0;
                }
            }
            default -> {
                // whole numbers are finite
            }
        }
        return count;
    }
}

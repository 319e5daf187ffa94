package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.LazyTensor;
import ai.modx.torch.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A weighted mean of models, tensor by tensor: the interpolation of WiSE-FT (Wortsman et al. 2022, Robust fine-tuning of
 * zero-shot models) and the uniform soup (Wortsman et al. 2022, Model soups). Computed in double precision, kept in float32.
 *
 * <p>{@code logit_scale} is averaged as it is stored, so the temperature is the geometric mean. Running means and variances of
 * batch normalisation are averaged like weights. Whole numbers are counters, which nothing computes with: the largest is taken.
 */
public final class WeightAverage {

    /** What the file says of its origin. */
    private static final String ORIGIN = "averaged";

    /** @param weight of this model; those of all parts add up to 1 */
    public record Part(Checkpoint checkpoint, double weight) {}

    private final List<Part> parts;

    /**
     * @param parts at least two
     * @throws CheckpointException if the tensors of one differ in name or shape from those of the first, or are not finite
     */
    public WeightAverage(List<Part> parts) {
        this.parts = List.copyOf(parts);
        Checkpoint first = parts.get(0).checkpoint();
        for (Part part : parts) {
            if (part.weight() != 0) {
                part.checkpoint().requireFinite();
            }
            String difference = ShapeDifference.between(part.checkpoint().shapes(), first.shapes());
            if (!difference.isEmpty()) {
                throw new CheckpointException(part.checkpoint().path() + " is of another architecture than " + first.path() + ": " + difference
                        + ". Only models of one architecture can be averaged");
            }
        }
    }

    /**
     * Writes the mean as {@link CheckpointWriter} does, without an optimizer's state and at step 0; its origin goes along.
     *
     * @param entries what else the file is to say
     * @throws SaveException if the file cannot be written
     */
    public void write(Path file, Map<String, String> entries) {
        String origin = parts.stream().map(part -> part.weight() + " " + part.checkpoint().path()).collect(Collectors.joining(" + "));
        Map<String, Object> all = new LinkedHashMap<>(entries);
        all.put(ORIGIN, origin);
        CheckpointWriter.write(file, new CheckpointContents(0, 0, tensors(), Optional.empty(), all));
    }

    /** The mean, each tensor computed when it is loaded. */
    Map<String, TensorSource> tensors() {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        parts.get(0).checkpoint().shapes().forEach((name, shape) -> {
            boolean counter = !value(parts.get(0), name).type().isFloating();
            tensors.put(name, counter ? largest(name) : new LazyTensor(ElementType.FLOAT32, shape, () -> mean(name, shape)));
        });
        return tensors;
    }

    private static HostTensor value(Part part, String name) {
        return part.checkpoint().model().get(name);
    }

    private HostTensor largest(String name) {
        HostTensor largest = value(parts.get(0), name);
        for (Part part : parts) {
            HostTensor value = value(part, name);
            largest = largest.numel() == 1 && value.toFloatArray()[0] > largest.toFloatArray()[0] ? value : largest;
        }
        return largest;
    }

    private HostTensor mean(String name, long[] shape) {
        double[] sum = new double[Math.toIntExact(HostTensor.numel(shape))];
        Arrays.fill(sum, -0.0); // what leaves every number as it is, its sign included
        for (Part part : parts) {
            if (part.weight() != 0) { // so that an end point is the model itself, whatever the other holds
                FloatBuffer values = value(part, name).toFloat32().data().asFloatBuffer();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += part.weight() * values.get(i);
                }
            }
        }
        ByteBuffer data = ByteBuffer.allocateDirect(Math.multiplyExact(sum.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : sum) {
            data.putFloat((float) value);
        }
        return new HostTensor(ElementType.FLOAT32, shape, data.flip());
    }
}

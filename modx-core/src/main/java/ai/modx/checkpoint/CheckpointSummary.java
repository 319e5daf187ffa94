package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a checkpoint holds, in lines for people. */
public final class CheckpointSummary {

    private static final Set<String> SHOWN_ELSEWHERE =
            Set.of(Checkpoint.EPOCH, Checkpoint.GLOBAL_STEP, Checkpoint.MODEL, Checkpoint.OPTIMIZER);
    /** Buffers of batch normalization: part of the state, but not trained. */
    private static final Set<String> BUFFERS = Set.of("running_mean", "running_var", "num_batches_tracked");

    private CheckpointSummary() {}

    /**
     * Describes a checkpoint.
     *
     * @param withTensors whether every tensor gets a line with name, type and shape
     */
    public static List<String> lines(Checkpoint checkpoint, boolean withTensors) {
        List<String> lines = new ArrayList<>();
        line(lines, "file", checkpoint.path().toString());
        line(lines, "format", checkpoint.format().description());
        line(lines, "epoch", number(checkpoint.epoch()));
        line(lines, "global step", number(checkpoint.globalStep()));
        Map<String, HostTensor> model = checkpoint.model();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        model.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        Architecture.of(shapes).ifPresentOrElse(architecture -> {
            line(lines, "image tower", architecture.vision());
            line(lines, "text tower", architecture.text());
            line(lines, "embedding", Long.toString(architecture.embedDim()));
        }, () -> line(lines, "model", "not a CLIP"));
        line(lines, "tensors", tensors(model));
        line(lines, "parameters", String.format(Locale.ROOT, "%,d", parameters(model)));
        line(lines, "optimizer", optimizer(checkpoint));
        String others = others(checkpoint);
        if (!others.isEmpty()) {
            line(lines, "also holds", others);
        }
        if (withTensors) {
            model.forEach((name, tensor) -> lines.add(name + "  " + name(tensor.type()) + "  " + Arrays.toString(tensor.shape())));
        }
        return lines;
    }

    private static void line(List<String> lines, String what, String value) {
        lines.add(String.format(Locale.ROOT, "%-12s %s", what, value));
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "not given";
    }

    private static String tensors(Map<String, HostTensor> model) {
        Map<ElementType, Long> types = model.values().stream()
                .collect(Collectors.groupingBy(HostTensor::type, TreeMap::new, Collectors.counting()));
        return model.size() + types.entrySet().stream()
                .map(type -> type.getValue() + " " + name(type.getKey()))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static long parameters(Map<String, HostTensor> model) {
        return model.entrySet().stream()
                .filter(entry -> !BUFFERS.contains(entry.getKey().substring(entry.getKey().lastIndexOf('.') + 1)))
                .mapToLong(entry -> entry.getValue().numel())
                .sum();
    }

    private static String optimizer(Checkpoint checkpoint) {
        return checkpoint.optimizer()
                .map(state -> "AdamW, step " + state.step() + state.groups().stream()
                        .map(group -> ", lr " + group.lr() + " of " + group.initialLr() + ", weight decay " + group.weightDecay())
                        .collect(Collectors.joining()))
                .orElse("none");
    }

    /** The top-level entries beside model and optimizer; a bare state dict has none. */
    private static String others(Checkpoint checkpoint) {
        return checkpoint.entries().asMap().entrySet().stream()
                .filter(entry -> !SHOWN_ELSEWHERE.contains(entry.getKey()) && !checkpoint.model().containsKey(entry.getKey()))
                .map(entry -> entry.getKey() + " (" + entry.getValue().kind() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String name(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}

package ai.modx.checkpoint;

import ai.modx.config.PlainText;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.nio.file.Path;
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
            Set.of(Checkpoint.EPOCH, Checkpoint.GLOBAL_STEP, Checkpoint.MODEL, Checkpoint.OPTIMIZER, Checkpoint.RUN);
    /** Buffers of batch normalization: part of the state, but not trained. */
    private static final Set<String> BUFFERS = Set.of("running_mean", "running_var", "num_batches_tracked");

    /** Columns of a line, where a list can be divided. */
    private static final int WIDTH = 120;
    /** So much of a text is shown. */
    private static final int LONGEST = 70;
    /** So many of a list are shown. */
    private static final int FEW = 20;

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
        checkpoint.notFinite().forEach((name, count) -> line(lines, "NOT FINITE", String.format(Locale.ROOT, "%,d of the numbers in %s are infinite or NaN", count, name)));
        checkpoint.whatElse().ifPresent(other -> line(lines, "note", other));
        line(lines, "optimizer", optimizer(checkpoint));
        List<String> others = others(checkpoint);
        for (int i = 0; i < Math.min(FEW, others.size()); i++) {
            line(lines, i == 0 ? "also holds" : "", others.get(i));
        }
        if (others.size() > FEW) {
            line(lines, "", "... " + others.size() + " in all");
        }
        Map<String, String> run = run(checkpoint);
        if (!run.isEmpty()) {
            lines.add("run");
        }
        run.forEach((name, value) -> lines.addAll(divided(String.format(Locale.ROOT, "  %-27s ", name), value)));
        if (withTensors) {
            model.forEach((name, tensor) -> lines.add(name + "  " + name(tensor.type()) + "  " + Arrays.toString(tensor.shape())));
        }
        return lines;
    }

    /**
     * Describes a file, whether or not it holds a model: the checkpoint of a linear evaluation with a frozen encoder, say, holds a classifier only.
     *
     * @param withTensors as above
     * @throws CheckpointException if it cannot be read
     */
    public static List<String> lines(Path path, boolean withTensors) {
        CheckpointFile file = CheckpointFile.read(path);
        if (!file.root().isMap() || Checkpoint.modelIn(file.root()).isPresent()) {
            return lines(Checkpoint.of(file), withTensors);
        }
        List<String> lines = new ArrayList<>();
        line(lines, "file", path.toString());
        line(lines, "format", file.format().description());
        line(lines, "model", "none");
        List<String> entries = file.root().asMap().entrySet().stream().map(entry -> entry.getKey() + " (" + beginning(entry.getValue().literal()) + ")").toList();
        for (int i = 0; i < entries.size(); i++) {
            line(lines, i == 0 ? "holds" : "", entries.get(i));
        }
        if (withTensors) {
            tensors(file.root(), "", lines);
        }
        return lines;
    }

    private static void tensors(Tree dict, String place, List<String> lines) {
        dict.asMap().forEach((name, value) -> {
            if (value.isTensor()) {
                HostTensor tensor = value.asTensor();
                lines.add(place + name + "  " + name(tensor.type()) + "  " + Arrays.toString(tensor.shape()));
            } else if (value.isMap()) {
                tensors(value, place + name + ".", lines);
            }
        });
    }

    private static void line(List<String> lines, String what, String value) {
        lines.addAll(divided(String.format(Locale.ROOT, "%-12s ", what), value));
    }

    /** A list that is too long for a line goes on in the next. */
    private static List<String> divided(String head, String value) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(head);
        for (String part : PlainText.of(value).split("(?<=,) ")) {
            if (line.length() > head.length() && line.length() + part.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(head.length()));
            }
            line.append(part).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    /** What a run of this toolkit says of itself: settings by flag, and the rest. */
    private static Map<String, String> run(Checkpoint checkpoint) {
        Map<String, String> settings = new LinkedHashMap<>();
        checkpoint.entries().find(Checkpoint.RUN).filter(Tree::isMap).ifPresent(run -> collect(run, settings));
        return settings;
    }

    private static void collect(Tree dict, Map<String, String> settings) {
        dict.asMap().forEach((name, value) -> {
            if (value.isMap()) {
                collect(value, settings);
            } else {
                settings.put(name, value.isList() ? few(value.asList().stream().map(CheckpointSummary::plain).toList()) : plain(value));
            }
        });
    }

    /** Texts without quotes, and a dict in JSON without its marks. */
    private static String plain(Tree value) {
        String text = value.isText() ? value.asString() : value.literal();
        return text.startsWith("{") ? text.replaceAll("[{}\"]", "").replace(":", " ").replaceAll(",(?!\\d)", ", ") : text;
    }

    private static String few(List<String> items) {
        String shown = items.stream().limit(FEW).collect(Collectors.joining(", "));
        return items.isEmpty() ? "none" : items.size() <= FEW ? shown : shown + ", ... " + items.size() + " in all";
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
    private static List<String> others(Checkpoint checkpoint) {
        return checkpoint.entries().asMap().entrySet().stream()
                .filter(entry -> !SHOWN_ELSEWHERE.contains(entry.getKey()) && !checkpoint.model().containsKey(entry.getKey()))
                .map(entry -> entry.getKey() + " (" + beginning(entry.getValue().literal()) + ")").toList();
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST ? text : String.format(Locale.ROOT, "%s ... %,d characters", text.substring(0, LONGEST), text.length());
    }

    private static String name(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}

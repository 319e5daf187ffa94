package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which values two checkpoints differ. Tensors are compared to the bit: 0.0 and -0.0 differ, a NaN equals itself. The model's
 * weights are compared by name, wherever and in whatever format each file holds them.
 *
 * @param values      how many different places the two have values at
 * @param differences a line for each place where they differ, in the order of the files
 */
public record CheckpointDifference(int values, List<String> differences) {

    public CheckpointDifference {
        differences = List.copyOf(differences);
    }

    /**
     * Compares two files.
     *
     * @throws CheckpointException if one cannot be read, see {@link CheckpointFile#read}
     */
    public static CheckpointDifference between(Path first, Path second) {
        Map<String, Tree> before = values(first);
        Map<String, Tree> after = values(second);
        Set<String> places = new LinkedHashSet<>(before.keySet());
        places.addAll(after.keySet());
        List<String> differences = new ArrayList<>();
        for (String place : places) {
            difference(Optional.ofNullable(before.get(place)), Optional.ofNullable(after.get(place)))
                    .ifPresent(what -> differences.add(place + "  " + what));
        }
        return new CheckpointDifference(places.size(), differences);
    }

    /** Every value of a file by its place; the weights as if they all lay where the original has them. */
    private static Map<String, Tree> values(Path path) {
        Tree root = CheckpointFile.read(path).root();
        Map<String, Tree> values = new LinkedHashMap<>(root.leaves());
        Checkpoint.modelIn(root).ifPresent(model -> {
            values.keySet().removeAll(model.leaves().keySet());
            Checkpoint.byName(model).forEach((name, weight) -> values.put(Checkpoint.MODEL + "." + name, weight));
        });
        return values;
    }

    private static Optional<String> difference(Optional<Tree> before, Optional<Tree> after) {
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.of("only in the " + (after.isEmpty() ? "first: " : "second: ") + words(before.or(() -> after).orElseThrow()));
        }
        if (before.get().isTensor() && after.get().isTensor()) {
            return difference(before.get().asTensor(), after.get().asTensor());
        }
        String was = words(before.get());
        String is = words(after.get());
        return was.equals(is) ? Optional.empty() : Optional.of(was + " | " + is);
    }

    private static Optional<String> difference(HostTensor before, HostTensor after) {
        if (before.type() != after.type() || !Arrays.equals(before.shape(), after.shape())) {
            return Optional.of(words(before) + " | " + words(after));
        }
        ByteBuffer was = before.data();
        ByteBuffer is = after.data();
        if (was.equals(is)) {
            return Optional.empty();
        }
        int width = before.type().bytes();
        long different = 0;
        double largest = 0;
        for (int i = 0; i < before.numel(); i++) {
            if (was.slice(i * width, width).mismatch(is.slice(i * width, width)) >= 0) {
                different++;
                largest = Math.max(largest, Math.abs(before.number(i) - after.number(i))); // NaN, if either is
            }
        }
        return Optional.of(String.format(Locale.ROOT, "%s: %,d of %,d differ, by at most %s", words(before), different, before.numel(), largest));
    }

    private static String words(Tree value) {
        return value.isTensor() ? words(value.asTensor()) : value.literal();
    }

    private static String words(HostTensor tensor) {
        return tensor.type().name().toLowerCase(Locale.ROOT) + " " + Arrays.toString(tensor.shape());
    }
}

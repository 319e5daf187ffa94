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
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * In which values two checkpoints differ. Tensors are compared to the bit: 0.0 and -0.0 differ, a NaN equals itself. The model's
 * weights are compared by name, wherever and in whatever format each file holds them.
 *
 * @param values      how many different places the two have values at
 * @param differences one for each place where they differ, in the order of the files
 */
public record CheckpointDifference(int values, List<Difference> differences) {

    /** What a value belongs to, in the order in which people read of it. */
    enum Part {
        RUN, REST, WEIGHTS, OPTIMIZER;

        /** Of the optimizer, settings that both have are among the rest. */
        static Part of(String place, Optional<Tree> before, Optional<Tree> after) {
            String entry = place.replaceFirst("[.\\[].*", "");
            boolean setting = before.isPresent() && after.isPresent() && !before.get().isTensor();
            return entry.equals(Checkpoint.RUN) ? RUN : entry.equals(Checkpoint.MODEL) ? WEIGHTS
                    : Checkpoint.OPTIMIZER_KEYS.contains(entry) && !setting ? OPTIMIZER : REST;
        }
    }

    /**
     * At one place.
     *
     * @param line for people
     * @param most by how much numbers of a tensor differ; empty where there are no two of the same type and shape
     */
    record Difference(Part part, String line, OptionalDouble most) {}

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
        List<Difference> differences = new ArrayList<>();
        for (String place : places) {
            difference(place, Optional.ofNullable(before.get(place)), Optional.ofNullable(after.get(place))).ifPresent(differences::add);
        }
        return new CheckpointDifference(places.size(), differences);
    }

    /**
     * What differs: the run's settings, other values, a line about all weights and one about the optimizer, and then the weights.
     *
     * @param withOptimizer whether the optimizer's state follows value by value
     */
    public List<String> lines(boolean withOptimizer) {
        List<String> sums = List.of("weights    " + sum(Part.WEIGHTS), "optimizer  " + sum(Part.OPTIMIZER));
        return Stream.of(lines(Part.RUN), lines(Part.REST), sums.stream(), lines(Part.WEIGHTS), withOptimizer ? lines(Part.OPTIMIZER) : Stream.<String>empty())
                .flatMap(lines -> lines).toList();
    }

    private Stream<String> lines(Part part) {
        return of(part).map(Difference::line);
    }

    private String sum(Part part) {
        long count = of(part).count();
        OptionalDouble most = of(part).map(Difference::most).flatMapToDouble(OptionalDouble::stream).max();
        return count == 0 ? "equal" : "different in " + count + " values" + (most.isPresent() ? ", by at most " + most.getAsDouble() : "");
    }

    private Stream<Difference> of(Part part) {
        return differences.stream().filter(difference -> difference.part() == part);
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

    private static Optional<Difference> difference(String place, Optional<Tree> before, Optional<Tree> after) {
        Part part = Part.of(place, before, after);
        if (before.isEmpty() || after.isEmpty()) {
            String whose = "  only in the " + (after.isEmpty() ? "first: " : "second: ");
            return Optional.of(new Difference(part, place + whose + words(before.or(() -> after).orElseThrow()), OptionalDouble.empty()));
        }
        String was = words(before.get());
        String is = words(after.get());
        return !was.equals(is) ? Optional.of(new Difference(part, place + "  " + was + " | " + is, OptionalDouble.empty()))
                : before.get().isTensor() && after.get().isTensor() ? difference(part, place, before.get().asTensor(), after.get().asTensor()) : Optional.empty();
    }

    /** Of tensors of the same type and shape. */
    private static Optional<Difference> difference(Part part, String place, HostTensor before, HostTensor after) {
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
        return Optional.of(new Difference(part, String.format(Locale.ROOT, "%s  %s: %,d of %,d differ, by at most %s", place, words(before), different,
                before.numel(), largest), OptionalDouble.of(largest)));
    }

    private static String words(Tree value) {
        return value.isTensor() ? words(value.asTensor()) : value.literal();
    }

    private static String words(HostTensor tensor) {
        return tensor.type().name().toLowerCase(Locale.ROOT) + " " + Arrays.toString(tensor.shape());
    }
}

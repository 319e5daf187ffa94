package ai.modx.train;

import ai.modx.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a run in phases left behind. */
public final class FinishedPhases {

    private static final Logger LOG = LoggerFactory.getLogger(FinishedPhases.class);

    private static final Pattern PHASE = Pattern.compile("phase_(\\d{1,6})");

    private FinishedPhases() {}

    /**
     * The final checkpoints of all phases in their order, by {@code phase 1}, {@code phase 2}, ... A last phase that is not finished is left out,
     * with a warning.
     *
     * @param folder of the run's checkpoints, with a folder for each phase, see {@link RunFolder#phase}
     * @throws CheckpointException if there is no finished phase, or one is not finished or missing before another
     */
    public static Map<String, Path> in(Path folder) {
        List<Integer> numbers = numbers(folder);
        if (numbers.isEmpty()) {
            throw new CheckpointException(folder + " holds no run in phases: there is no phase_1/" + RunFolder.FINAL_CHECKPOINT
                    + ". Expected a folder that continual-train or modx-train filled with --all_phases");
        }
        Map<String, Path> checkpoints = new LinkedHashMap<>();
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            if (i > 0 && number != numbers.get(i - 1) + 1) {
                throw new CheckpointException(folder + ": phase " + (number - 1) + " is missing between phase " + numbers.get(i - 1) + " and phase " + number
                        + ". Put its folder back, or evaluate single checkpoints");
            }
            Path checkpoint = new RunFolder(folder, folder).phase(number).finalCheckpoint();
            boolean finished = Files.isRegularFile(checkpoint);
            if (!finished && i > 0 && i == numbers.size() - 1) {
                LOG.warn("{}: phase {} is not finished and left out", folder, number);
                continue;
            }
            if (!finished) {
                throw new CheckpointException(folder + ": phase " + number + " is not finished (there is no " + checkpoint.getFileName()
                        + "). Start the command that trains it again");
            }
            checkpoints.put("phase " + number, checkpoint);
        }
        return checkpoints;
    }

    /** Of all phases that have a folder, finished or not, in order. */
    public static List<Integer> numbers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).map(entry -> PHASE.matcher(entry.getFileName().toString())).filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1))).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

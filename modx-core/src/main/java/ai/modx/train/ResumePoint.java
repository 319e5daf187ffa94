package ai.modx.train;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the checkpoint that {@code --resume} means. */
public final class ResumePoint {

    private static final Logger LOG = LoggerFactory.getLogger(ResumePoint.class);

    /** The newest checkpoint of the run, whichever it is. */
    public static final String LATEST = "latest";

    /** What {@link RunFolder#checkpoint} makes. */
    private static final Pattern ON_THE_WAY = Pattern.compile(
            Pattern.quote(RunFolder.CHECKPOINT_PREFIX) + "\\d+_(\\d{1,17})" + Pattern.quote(RunFolder.CHECKPOINT_SUFFIX));

    private ResumePoint() {}

    /**
     * The checkpoint to continue from: the newest readable one of the run, or the file that is named.
     *
     * @return empty for {@code latest} if the run has saved none
     * @throws CheckpointException if a named file cannot be read, or the run has checkpoints but none that can be
     */
    public static Optional<Checkpoint> find(String resume, RunFolder folder) {
        if (!resume.equals(LATEST)) {
            return Optional.of(Checkpoint.read(Path.of(resume)));
        }
        List<Path> newestFirst = newestFirst(folder);
        for (Path file : newestFirst) {
            try {
                return Optional.of(Checkpoint.read(file));
            } catch (CheckpointException e) {
                LOG.warn("{}; trying the one before", e.getMessage());
            }
        }
        if (!newestFirst.isEmpty()) {
            throw new CheckpointException("--resume latest: none of the " + newestFirst.size() + " checkpoints in " + folder.checkpoints()
                    + " can be read. Move them away to start anew");
        }
        return Optional.empty();
    }

    /** A run's checkpoints, the one with the most steps first. */
    static List<Path> newestFirst(RunFolder folder) {
        return folder.checkpointFiles().stream().sorted(Comparator.comparingLong(ResumePoint::stepInName).reversed()).toList();
    }

    /** A checkpoint of the folder that has more steps than the one that a run starts from, going by their names. */
    static Optional<Path> newerThan(StartingPoint start, RunFolder folder) {
        return newestFirst(folder).stream().filter(file -> stepInName(file) > start.globalStep() && !start.isFile(file)).findFirst();
    }

    /** Whether a checkpoint bears the name of one that is saved between the first step and the last. */
    static boolean isOnTheWay(Path file) {
        return ON_THE_WAY.matcher(file.getFileName().toString()).matches();
    }

    /** Steps taken, as far as the name tells: the final checkpoint is the newest, and any other name, the best one's too, the last resort. */
    static long stepInName(Path file) {
        String name = file.getFileName().toString();
        if (name.equals(RunFolder.FINAL_CHECKPOINT)) {
            return Long.MAX_VALUE;
        }
        Matcher numbered = ON_THE_WAY.matcher(name);
        return numbered.matches() ? Long.parseLong(numbered.group(1)) : -1;
    }
}

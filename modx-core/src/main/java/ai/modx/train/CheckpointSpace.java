package ai.modx.train;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How much room a run's checkpoints take: a disk that is too small is told of before the first step, not after the thousandth. */
final class CheckpointSpace {

    /** Weights and AdamW's two moments, in fp32. */
    private static final long BYTES_PER_PARAMETER = 3 * Float.BYTES;

    private CheckpointSpace() {}

    /**
     * What is wrong and what to do, if the checkpoints that are still to come do not fit.
     *
     * @param free bytes left where they go, if the system tells
     */
    static Optional<String> shortage(TrainingJob job, OptionalLong free) {
        long count = count(job);
        long bytes = job.parameterCount() * BYTES_PER_PARAMETER;
        if (free.isEmpty() || count * bytes <= free.getAsLong()) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT, "%s has %,d MB left, and this run's checkpoints take about %d x %,d MB. Free some, save less "
                + "often (--save_steps), keep fewer (--keep_last), or choose another --saved_checkpoints", job.folder().checkpoints(),
                free.getAsLong() >> 20, count, bytes >> 20));
    }

    /**
     * The final one, or where the run stops; those on the way; the best one. An old one is deleted once the next is whole, also one from
     * before the run was continued.
     */
    private static long count(TrainingJob job) {
        TrainingSettings settings = job.settings();
        long every = settings.saveSteps();
        long onTheWay = every > 0 ? (job.lastStep() - 1) / every - job.start().globalStep() / every : 0;
        long kept = settings.keepLast().map(most -> Math.min(onTheWay, most - there(job.folder()))).orElse(onTheWay);
        return Math.max(kept, 0) + 1 + (job.evaluation().filter(PeriodicEvaluation::repeated).isPresent() ? 1 : 0);
    }

    private static long there(RunFolder folder) {
        return ResumePoint.newestFirst(folder).stream().filter(ResumePoint::isOnTheWay).count();
    }
}

package ai.modx.lineareval;

import ai.modx.checkpoint.LineFile;
import ai.modx.train.TensorBoardLog;
import java.util.Map;
import java.util.Optional;

/** {@code stats.txt}: one JSON object a line, after the command line; and the numbers in it for TensorBoard, if that is asked for. */
final class ProbeLogs implements AutoCloseable {

    private final LineFile stats;
    private final Optional<TensorBoardLog> tensorBoard;

    /**
     * Opens the logs. What was written after the last checkpoint is written anew.
     *
     * @param saved the interrupted run that is continued
     */
    ProbeLogs(ProbeJob job, Optional<ProbeCheckpoint> saved) {
        stats = LineFile.afterLines(job.stats(), saved.map(ProbeCheckpoint::statsLines).orElse(0L));
        tensorBoard = TensorBoardLog.open(job.folder(), job.settings().tensorBoard(), saved.map(ProbeCheckpoint::globalStep).orElse(0L),
                saved.map(run -> (long) run.evaluated() * job.plan().stepsPerEpoch()).orElse(0L));
    }

    void line(String text) {
        stats.append(text);
    }

    /** @param step steps taken, this one included */
    void trained(long step, Map<String, ? extends Number> numbers) {
        tensorBoard.ifPresent(log -> log.trained(step, numbers));
    }

    /** @param step steps taken before */
    void evaluated(long step, Map<String, ? extends Number> numbers) {
        tensorBoard.ifPresent(log -> log.evaluated("validation", step, numbers));
    }

    /** Makes sure that everything is on the disk, and says how many lines that is. */
    long force() {
        tensorBoard.ifPresent(TensorBoardLog::force);
        return stats.force();
    }

    @Override
    public void close() {
        try (stats; TensorBoardLog second = tensorBoard.orElse(null)) {
            // both are closed, whatever happens to one; a null is passed over
        }
    }
}

package ai.modx.train;

import ai.modx.checkpoint.AdamWState;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.optim.AdamW;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves a run: the original's keys for Python, and ours for continuing it. */
final class RunCheckpoints {

    private static final Logger LOG = LoggerFactory.getLogger(RunCheckpoints.class);

    private final TrainingJob job;
    private final ReplicaGroup replicas;
    private final ShardedAdamW optimizer;

    RunCheckpoints(TrainingJob job, ReplicaGroup replicas, ShardedAdamW optimizer) {
        this.job = job;
        this.replicas = replicas;
        this.optimizer = optimizer;
    }

    /**
     * Writes a checkpoint; an earlier file of that name stays whole until the new one is. Then older ones are deleted, as
     * many as {@code --keep_last} says; the final one never.
     *
     * @param step the last step taken
     */
    void save(Path file, StepRecord step) {
        Map<String, TensorSource> model = new LinkedHashMap<>();
        replicas.model().state().forEach((name, array) -> model.put(name, TensorCopy.lazily(array)));
        CheckpointWriter.write(file, new CheckpointContents(
                step.epoch(), step.globalStep(), model, Optional.of(optimizerState(step.lr())), Map.of(StartingPoint.ENTRIES, entries())));
        job.settings().keepLast().ifPresent(this::deleteAllBut);
    }

    private void deleteAllBut(int newest) {
        List<Path> intermediate = ResumePoint.newestFirst(job.folder()).stream()
                .filter(file -> !file.equals(job.folder().finalCheckpoint())).toList();
        for (Path file : intermediate.subList(Math.min(newest, intermediate.size()), intermediate.size())) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("Old checkpoint {} cannot be deleted: {}", file, e.getMessage());
            }
        }
    }

    private AdamWState optimizerState(double lr) {
        int parameters = replicas.model().parameters().size();
        SortedMap<Integer, AdamW.Moments> moments = new TreeMap<>();
        for (int i = 0; i < parameters; i++) {
            moments.put(i, optimizer.moments(i));
        }
        AdamW.Settings settings = optimizer.settings();
        List<Integer> all = IntStream.range(0, parameters).boxed().toList();
        return new AdamWState(List.of(new AdamWState.Group(lr, job.settings().learningRate(), settings.beta1(), settings.beta2(),
                settings.eps(), settings.weightDecay(), all)), moments);
    }

    private Map<String, Object> entries() {
        Map<String, Object> identity = new LinkedHashMap<>();
        job.identity().forEach((key, value) -> identity.put(key, RunLogs.json(value)));
        return Map.of(StartingPoint.IDENTITY, identity);
    }
}

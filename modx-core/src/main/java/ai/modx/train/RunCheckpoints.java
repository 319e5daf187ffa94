package ai.modx.train;

import ai.modx.checkpoint.AdamWState;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.config.FileProblem;
import ai.modx.data.BadImages;
import ai.modx.optim.AdamW;
import ai.modx.optim.CosineWarmup;
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
    private final BadImages badImages;
    private final TrainingPlan plan;
    private final CosineWarmup schedule;

    RunCheckpoints(TrainingJob job, ReplicaGroup replicas, ShardedAdamW optimizer, BadImages badImages) {
        this.job = job;
        this.replicas = replicas;
        this.optimizer = optimizer;
        this.badImages = badImages;
        this.plan = job.plan();
        this.schedule = job.schedule();
    }

    /**
     * Writes a checkpoint; an earlier file of that name stays whole until the new one is. Then older ones are deleted, all but as
     * many as {@code --keep_last} says. Whatever is not a checkpoint on the way, or has more steps than the run now, stays: a run
     * that continues behind a newer checkpoint, which may be damaged, must not delete for its sake what it saves itself.
     *
     * @param steps taken so far, at least 1
     * @throws DivergedException if a weight is not finite: such a model replaces no good one
     */
    void save(Path file, long steps) {
        FiniteWeights.require(replicas.model().state(), steps, "lower --params_lr, or set --grad_clip_norm");
        Map<String, TensorSource> model = new LinkedHashMap<>();
        replicas.model().state().forEach((name, array) -> model.put(name, TensorCopy.lazily(array)));
        CheckpointWriter.write(file, new CheckpointContents(plan.epochOf(steps - 1), steps, model,
                Optional.of(optimizerState(schedule.rate(steps - 1))), Map.of(Checkpoint.RUN, entries())));
        job.settings().keepLast().ifPresent(count -> deleteAllBut(count, steps));
    }

    private void deleteAllBut(int newest, long steps) {
        List<Path> older = ResumePoint.newestFirst(job.folder()).stream()
                .filter(file -> ResumePoint.isOnTheWay(file) && ResumePoint.stepInName(file) <= steps).skip(newest).toList();
        for (Path file : older) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("Old checkpoint {} cannot be deleted: {}", file, FileProblem.of(e));
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
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put(StatedModel.NAME, job.modelName());
        entries.put(StartingPoint.IDENTITY, RunIdentity.of(job.identity()).values());
        entries.put(StartingPoint.BAD_IMAGES, badImages.indices());
        return entries;
    }
}

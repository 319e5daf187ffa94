package ai.modx.train;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.Tree;
import ai.modx.config.ConfigException;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.model.ParameterSpec;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.torch.HostTensor;
import ai.modx.train.RunIdentity.Continuation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Where a run starts from: weights alone, or a checkpoint of its own that it continues.
 *
 * @param weights   gives a tensor for every name of the model; asked once, so that drawn weights do not stay in memory
 * @param continued the checkpoint of an interrupted run
 * @param mode      whether that run may be another one
 */
public record StartingPoint(Supplier<Map<String, HostTensor>> weights, Optional<Checkpoint> continued, Continuation mode) {

    /** Keys of what is under {@link Checkpoint#RUN}. */
    static final String IDENTITY = "identity";
    static final String BAD_IMAGES = "bad_images";
    /** Of an identity: {@link #fingerprint} of the checkpoint that a run began with, or {@link #DRAWN}. */
    public static final String FIRST_WEIGHTS = "checkpoint_weights";

    private static final String DRAWN = "drawn";

    /** Freshly drawn weights. */
    public static StartingPoint fresh(ModelConfig model, long seed) {
        return weights(() -> ClipParameters.initialState(model, seed));
    }

    /** Weights that are at hand. */
    public static StartingPoint weights(Supplier<Map<String, HostTensor>> weights) {
        return new StartingPoint(weights, Optional.empty(), Continuation.EXACT);
    }

    /**
     * The weights of a checkpoint of any format; the rest of it is ignored.
     *
     * @throws CheckpointException if it is of another architecture
     */
    public static StartingPoint weightsOf(Checkpoint checkpoint, String modelName, ModelConfig model) {
        checkpoint.requireComputable(model, modelName);
        return weights(checkpoint::model);
    }

    /**
     * An interrupted run of the same kind.
     *
     * @throws CheckpointException if the file is of another architecture or holds no run
     */
    public static StartingPoint runOf(Checkpoint checkpoint, String modelName, ModelConfig model, Continuation mode) {
        List<ParameterSpec> specs = ClipParameters.of(model);
        checkpoint.requireComputable(model, modelName);
        checkpoint.fitOptimizer(shapes(specs.stream().filter(ParameterSpec::isTrainable).toList()));
        if (checkpoint.optimizer().isEmpty() || checkpoint.globalStep().isEmpty() || checkpoint.entries().find(Checkpoint.RUN).isEmpty()) {
            throw new CheckpointException("--resume " + checkpoint.path() + ": this file holds weights, but no run of this toolkit. "
                    + "Start from its weights with --checkpoint_path");
        }
        return new StartingPoint(checkpoint::model, Optional.of(checkpoint), mode);
    }

    private static Map<String, long[]> shapes(List<ParameterSpec> specs) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        specs.forEach(spec -> shapes.put(spec.name(), spec.shape()));
        return shapes;
    }

    /** A digest of weights, by which a run knows what it started from. */
    public static String fingerprint(Map<String, HostTensor> weights) {
        CRC32C digest = new CRC32C();
        new TreeMap<>(weights).forEach((name, tensor) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(tensor.data());
        });
        return String.format("%08x", digest.getValue());
    }

    /**
     * What a run has in its identity about the weights that it began with: a continued run began where the interrupted one did. Joint
     * training of earlier versions did not write it down.
     *
     * @param given the weights of --checkpoint_path
     * @throws ConfigException if the interrupted run began with others, and that is not accepted
     */
    public Map<String, Object> origin(Optional<StartingPoint> given) {
        Optional<String> now = given.map(start -> fingerprint(start.weights().get()));
        if (continued.isEmpty()) {
            return Map.of(FIRST_WEIGHTS, now.orElse(DRAWN));
        }
        Optional<String> first = continued.flatMap(run -> run.entries().get(Checkpoint.RUN).get(IDENTITY).find(FIRST_WEIGHTS)).map(Tree::asString);
        if (mode == Continuation.EXACT && now.isPresent() && first.isPresent() && !now.equals(first)) {
            throw new ConfigException("--checkpoint_path: the run that is continued, " + continued.get().path() + ", did not begin with these weights. "
                    + "Leave the flag out to continue it; without --resume and in another --train_dir they start a new run");
        }
        return first.<Map<String, Object>>map(weights -> Map.of(FIRST_WEIGHTS, weights)).orElse(Map.of());
    }

    /** Whether this is the checkpoint that is continued. */
    boolean isFile(Path file) {
        return continued.filter(checkpoint -> absolute(checkpoint.path()).equals(absolute(file))).isPresent();
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** Optimizer steps already taken. */
    long globalStep() {
        return continued.map(checkpoint -> checkpoint.globalStep().orElseThrow()).orElse(0L);
    }

    /**
     * Checks that a continued run is the same as the one that was interrupted.
     *
     * @return whether it is; a start that continues nothing is
     * @throws ConfigException that names the differences, unless they are accepted
     */
    boolean requireSame(RunIdentity asked) {
        return continued.map(checkpoint -> asked.requireSame(checkpoint.path().toString(), RunIdentity.of(checkpoint.entries().get(Checkpoint.RUN).get(IDENTITY)),
                mode, "start a new run in another --train_dir, from its weights with --checkpoint_path")).orElse(true);
    }

    /** Numbers of the bad images that the interrupted run has met. */
    List<Integer> badImages() {
        return continued.flatMap(checkpoint -> checkpoint.entries().get(Checkpoint.RUN).find(BAD_IMAGES)).map(Tree::asList).orElse(List.of()).stream()
                .map(Tree::asIndex).toList();
    }

    /** Brings an optimizer to where the interrupted run's was. */
    void restore(ShardedAdamW optimizer) {
        continued.flatMap(Checkpoint::optimizer).ifPresent(state -> optimizer.restore(List.copyOf(state.moments().values())));
    }
}

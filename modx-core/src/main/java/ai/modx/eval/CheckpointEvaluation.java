package ai.modx.eval;

import ai.djl.Device;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.data.StopRequest;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.torch.HostTensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retrieval of models that lie in checkpoints. One model is in memory at a time.
 *
 * @param reader      reads a checkpoint, and knows of which architecture it is
 * @param computation how the models are computed
 * @param devices     where: all share the work
 */
public record CheckpointEvaluation(
        RetrievalEvaluation evaluation, Function<Path, Model> reader, Computation computation, List<Device> devices) {

    private static final Logger log = LoggerFactory.getLogger(CheckpointEvaluation.class);

    /**
     * What lies in a checkpoint.
     *
     * @param weights of the architecture
     */
    public record Model(ModelConfig config, Map<String, HostTensor> weights) {}

    /**
     * Checkpoints of one method, in the order in which it made them.
     *
     * @param method what the results are called
     * @param stages files by the name of the row; for a method without phases a single one
     */
    public record Series(String method, Map<String, Path> stages) {

        public Series {
            stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
        }
    }

    /**
     * Evaluates one checkpoint.
     *
     * @throws CheckpointException if it cannot be read or is of an unknown architecture
     */
    public RetrievalReport evaluate(Path path) {
        Model model = reader.apply(path);
        try (ReplicaGroup replicas = new ReplicaGroup(model.config(), computation, devices, 1, model.weights())) {
            return evaluation.evaluate(replicas, new StopRequest());
        }
    }

    /**
     * Evaluates the checkpoints of several methods. A file that occurs more than once, as the one before the first phase
     * does, is evaluated once.
     *
     * @param newData see {@link ResultsMatrix}
     * @throws CheckpointException as above, before anything is computed
     */
    public MethodComparison compare(List<Series> methods, Set<String> newData) {
        List<Path> files = methods.stream().flatMap(method -> method.stages().values().stream()).distinct().toList();
        files.forEach(reader::apply);
        Map<Path, RetrievalReport> reports = new HashMap<>();
        for (Path file : files) {
            log.info("Evaluating {} ({} of {})", file, reports.size() + 1, files.size());
            reports.put(file, evaluate(file));
        }
        return new MethodComparison(methods.stream().map(method -> new ResultsMatrix(method.method(), newData, method.stages().entrySet().stream()
                .map(stage -> new ResultsMatrix.Stage(stage.getKey(), reports.get(stage.getValue()))).toList())).toList());
    }
}

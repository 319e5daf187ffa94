package ai.modx.eval;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.model.ClipModel;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.ParameterSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Retrieval of models that lie in checkpoints of one architecture. One model is in memory at a time.
 *
 * @param modelName   the architecture's name, for messages
 * @param computation how the models are computed
 * @param device      where
 */
public record CheckpointEvaluation(
        RetrievalEvaluation evaluation, ModelConfig config, String modelName, Computation computation, Device device) {

    /**
     * Evaluates one checkpoint.
     *
     * @throws CheckpointException if it cannot be read or is of another architecture
     */
    public RetrievalReport evaluate(Path path) {
        Checkpoint checkpoint = Checkpoint.read(path);
        checkpoint.fit(ClipParameters.of(config).stream().collect(Collectors.toMap(ParameterSpec::name, ParameterSpec::shape)), modelName);
        try (NDManager manager = NDManager.newBaseManager(device);
                ClipModel model = new ClipModel(manager, config, computation, checkpoint.model(), false)) {
            return evaluation.evaluate(model);
        }
    }

    /**
     * Evaluates the checkpoints of a run in phases.
     *
     * @param method  what the results are called
     * @param stages  in order: from before the first phase to after the last; at least one
     * @param newData see {@link ResultsMatrix}
     * @throws CheckpointException as above; a missing file is reported before anything is computed
     */
    public ResultsMatrix evaluate(String method, Map<String, Path> stages, Set<String> newData) {
        stages.forEach((stage, path) -> {
            if (!Files.isRegularFile(path)) {
                throw new CheckpointException("Stage '" + stage + "' of " + method + ": there is no checkpoint " + path);
            }
        });
        List<ResultsMatrix.Stage> results = new ArrayList<>();
        stages.forEach((stage, path) -> results.add(new ResultsMatrix.Stage(stage, evaluate(path))));
        return new ResultsMatrix(method, newData, results);
    }
}

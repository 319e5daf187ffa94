package ai.modx.cli;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.WeightAverage;
import ai.modx.checkpoint.WeightAverage.Part;
import ai.modx.model.ModelConfig;
import ai.modx.train.StatedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models with weights, mixed into one that says which architecture it has, as far as they say it. */
record MixedModels(List<Part> parts) {

    /** @throws CheckpointException if one has, or says that it has, another architecture than another */
    void write(Path file) {
        for (Part part : parts) { // what lies beside weights does not go along, so it has to be looked at now
            Map<String, ModelConfig> fitting = TrainingOptions.table(Optional.empty()).fitting(part.checkpoint().shapes());
            if (fitting.size() == 1 && part.weight() != 0) {
                fitting.forEach((name, model) -> part.checkpoint().requireComputable(model, name));
            }
        }
        new WeightAverage(parts).write(file, stated().map(StatedModel::entry).orElse(Map.of()));
    }

    private Optional<ModelConfig> stated() {
        Map<ModelConfig, Path> found = new LinkedHashMap<>();
        for (Part part : parts) {
            StatedModel.in(part.checkpoint())
                    .ifPresent(model ->
                            found.putIfAbsent(model.config(), part.checkpoint().path()));
        }
        if (found.size() > 1) {
            List<Map.Entry<ModelConfig, Path>> two = List.copyOf(found.entrySet());
            throw new CheckpointException(two.get(1).getValue() + " is of another architecture than "
                    + two.get(0).getValue() + ": it says " + two.get(1).getKey().toMap() + ", the other "
                    + two.get(0).getKey().toMap() + ". Only models of one architecture can be averaged");
        }
        return found.keySet().stream().findFirst();
    }
}

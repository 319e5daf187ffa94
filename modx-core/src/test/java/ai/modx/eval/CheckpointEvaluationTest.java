package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.config.ConfigException;
import ai.modx.data.ImageCache;
import ai.modx.eval.CheckpointEvaluation.Model;
import ai.modx.eval.CheckpointEvaluation.Series;
import ai.modx.model.Computation;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.model.Precision;
import ai.modx.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointEvaluationTest {

    @TempDir
    Path dir;
    private EvaluationSet set;

    @BeforeEach
    void readSet() throws IOException {
        set = EvaluationSet.read(TinySet.write(dir));
    }

    @Test
    void evaluatesTheCheckpointsOfARunInOrder() {
        Map<String, Path> stages = new LinkedHashMap<>();
        stages.put("before", save("a.pt", 1));
        stages.put("phase 1", save("b.pt", 2));
        CheckpointEvaluation evaluation = evaluation(TinySet.CONFIG);

        MethodComparison comparison = evaluation.compare(List.of(new Series("modx", stages), new Series("joint", Map.of("end", stages.get("before")))),
                Set.of("tiny"));

        assertThat(comparison.methods()).extracting(ResultsMatrix::method).containsExactly("modx", "joint");
        assertThat(comparison.methods().get(1).stages().get(0).report()).isSameAs(comparison.methods().get(0).stages().get(0).report());
        ResultsMatrix matrix = comparison.methods().get(0);
        assertThat(matrix.stages()).extracting(ResultsMatrix.Stage::name).containsExactly("before", "phase 1");
        assertThat(matrix.stages().get(1).report()).isEqualTo(evaluation.evaluate(stages.get("phase 1")));
        RetrievalResult result = matrix.stages().get(0).report().results().get("tiny");
        assertThat(result.metrics().images()).isEqualTo(6);
        assertThat(result.folds()).hasValueSatisfying(folds -> assertThat(folds.count()).isEqualTo(2));
    }

    @Test
    void modelsMayBeOfDifferentArchitectures() {
        ModelConfig deeper = new ModelConfig(16, 32, List.of(2), 64, 16, 77, ClipTokenizer.VOCABULARY_SIZE, 64, 1, 1);
        Path a = save("a.pt", 1);
        Path b = dir.resolve("b.pt");
        RetrievalEvaluation retrieval = evaluation(TinySet.CONFIG).evaluation();
        CheckpointEvaluation both = new CheckpointEvaluation(retrieval, file -> file.equals(a) ? new Model(TinySet.CONFIG, TinySet.weights(1))
                : new Model(deeper, ClipParameters.initialState(deeper, 1)), Computation.in(Precision.FP32), List.of(Device.cpu()));

        MethodComparison comparison = both.compare(List.of(new Series("a", Map.of("end", a)), new Series("b", Map.of("end", b))), Set.of());

        assertThat(comparison.methods().get(0).stages().get(0).report()).isEqualTo(evaluation(TinySet.CONFIG).evaluate(a));
        assertThat(comparison.methods().get(1).stages().get(0).report()).isEqualTo(both.evaluate(b));
    }

    @Test
    void aMissingCheckpointIsReportedBeforeAnyWork() {
        Path absent = dir.resolve("absent.pt");

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> evaluation(TinySet.CONFIG).compare(List.of(new Series("modx", Map.of("phase 1", absent))), Set.of()))
                .withMessageStartingWith("Checkpoint " + absent + " does not exist. Give ");
    }

    @Test
    void anotherArchitectureIsRefused() {
        Path checkpoint = save("a.pt", 1);
        ModelConfig deeper = new ModelConfig(16, 32, List.of(2), 64, 16, 77, ClipTokenizer.VOCABULARY_SIZE, 64, 1, 1);

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> evaluation(deeper).evaluate(checkpoint))
                .withMessageContaining("does not fit Tiny");
    }

    @Test
    void namesMustDiffer() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RetrievalEvaluation(List.of(set, set), ClipTokenizer.load(), new EncoderSettings(4, 0, ImageCache.NONE, true), 1))
                .withMessage("Two evaluations are called tiny. Results are kept by name: choose another for one of them");
    }

    @Test
    void moreFoldsThanImagesAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(4, 0, ImageCache.NONE, true), 7))
                .withMessage("The 6 images of tiny cannot be split into 7 folds. Expected 1 to 6");
    }

    private CheckpointEvaluation evaluation(ModelConfig config) {
        RetrievalEvaluation retrieval = new RetrievalEvaluation(List.of(set), ClipTokenizer.load(), new EncoderSettings(4, 0, ImageCache.NONE, true), 2);
        return new CheckpointEvaluation(retrieval, path -> new Model(config, Checkpoint.read(path, config, "Tiny").model()), Computation.in(Precision.FP32), List.of(Device.cpu()));
    }

    private Path save(String name, long seed) {
        Path file = dir.resolve(name);
        CheckpointWriter.write(file, new CheckpointContents(0, 0, TinySet.weights(seed), Optional.empty(), Map.of()));
        return file;
    }
}

package ai.modx.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

    private static final String STEPS = """
            {"epoch":0,"global_step":1,"lr":0.0,"loss":4.5}
            {"epoch":0,"global_step":2,"lr":1.0E-4,"loss":3.25,"bad_images":1}
            """;

    @TempDir
    Path dir;

    @Test
    void aLineThatIsCutOffIsLeftOutAndSaid() throws IOException {
        write("run.json", "{\"command\":\"joint-train\"}");
        write("metrics.jsonl", STEPS + "{\"epoch\":0,\"global_step\":3,\"lo");

        RunLog run = RunLog.read("a", dir);

        assertThat(run.notes()).containsExactly(dir.resolve("metrics.jsonl") + ": the last line is cut off and left out");
        assertThat(run.series("loss", 0).x()).containsExactly(1, 2);
        assertThat(run.series("loss", 0).y()).containsExactly(4.5, 3.25);
        assertThat(run.series("bad_images", 0).y()).containsExactly(Double.NaN, 1);
        assertThat(run.keys()).containsExactly("lr", "loss", "bad_images");
    }

    @Test
    void damagedLinesAreCounted() throws IOException {
        write("run.json", "[1]");
        write("metrics.jsonl", "\0\0\0\n\n{\"loss\":1}\n\"text\"\n" + STEPS);
        write("eval.jsonl", "{\"global_step\":2,\"retrieval\":{\"x\":{}}}\n{}\n");

        RunLog run = RunLog.read("a", dir);

        assertThat(run.notes()).containsExactly(dir.resolve("run.json") + " cannot be read: no object",
                dir.resolve("metrics.jsonl") + ": 4 of 6 lines are damaged and left out",
                dir.resolve("eval.jsonl") + ": 2 of 2 lines are damaged and left out");
        assertThat(run.series("loss", 0).y()).containsExactly(4.5, 3.25);
        assertThat(run.evaluations()).isEmpty();
    }

    @Test
    void valuesThatAreNoNumbersAreMissing() throws IOException {
        write("metrics.jsonl", "{\"global_step\":1,\"loss\":NaN}\n{\"global_step\":2,\"loss\":\"x\"}\n{\"global_step\":3,\"loss\":1}\n");

        assertThat(RunLog.read("a", dir).series("loss", 0).y()).containsExactly(Double.NaN, Double.NaN, 1);
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        write("run.json", "{\"command\":\"joint-train\"}");

        assertThat(RunLog.read("a", dir).notes()).containsExactly(dir.resolve("metrics.jsonl") + " is missing");
    }

    @Test
    void stepsOfPhasesAreCountedOn() throws IOException {
        for (int phase : new int[] {1, 2, 10}) {
            write("phase_" + phase + "/metrics.jsonl", STEPS);
            write("phase_" + phase + "/run.json", "{}");
        }

        RunLog run = RunLog.read("a", dir);

        assertThat(run.notes()).isEmpty();
        assertThat(run.series("loss", 0).x()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(run.marks()).extracting(LineChart.Mark::name).containsExactly("phase 1", "phase 2", "phase 10");
        assertThat(run.marks()).extracting(LineChart.Mark::x).containsExactly(0.0, 2.0, 4.0);
    }

    @Test
    void linearEvaluationHasStepsAndEpochs() throws IOException {
        write("run.json", "{\"classes\":[\"a\",\"b\"]}");
        write("stats.txt", """
                --cnn x --epochs 2
                {"epoch":0,"step":0,"lr_classifier":0.3,"loss":2.5,"time":1}
                {"epoch":0,"acc1":10.5,"acc5":50.0,"best_acc1":10.5,"mean_recall":10.0}
                {"epoch":1,"acc1":20.5,"acc5":60.0,"best_acc1":20.5,"mean_recall":20.0}
                """);

        RunLog run = RunLog.read("a", dir);

        assertThat(run.notes()).isEmpty();
        assertThat(run.keys()).containsExactly("lr_classifier", "loss");
        assertThat(run.accuracy("acc1", 0).x()).containsExactly(1, 2);
        assertThat(run.accuracy("acc1", 0).y()).containsExactly(10.5, 20.5);
    }

    @Test
    void aFolderWithoutARunIsRefused() throws IOException {
        String expected = ". Expected the --train_dir of a training command or the --checkpoint-dir of linear-eval";
        assertThatThrownBy(() -> RunLog.read("a", dir)).isInstanceOf(ConfigException.class)
                .hasMessage(dir + " holds no run: there is no metrics.jsonl, stats.txt or phase_1" + expected);
        assertThatThrownBy(() -> RunLog.read("a", dir.resolve("b"))).hasMessage(dir.resolve("b") + " does not exist" + expected);
        write("c", "");
        assertThatThrownBy(() -> RunLog.read("a", dir.resolve("c"))).hasMessage(dir.resolve("c") + " is a file" + expected);
    }

    private void write(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}

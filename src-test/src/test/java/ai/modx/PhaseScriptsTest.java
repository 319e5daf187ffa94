package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that call several commands, with commands in their place that write down how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are bash scripts")
class PhaseScriptsTest {

    /** Leaves what training leaves, and fails if the words FAIL_ON are among its arguments. */
    private static final String RECORDER = """
            #!/usr/bin/env bash
            echo "$(basename "$0") $*" >>"$CALLS"
            [[ -z "${FAIL_ON:-}" || "$*" != *"$FAIL_ON"* ]] || exit 4
            for ((i = 1; i < $#; i++)); do
              if [[ "${!i}" == "--saved_checkpoints" ]]; then
                next=$((i + 1)); mkdir -p "${!next}"; touch "${!next}/checkpoint_final.pt"
              fi
            done
            """;

    @TempDir
    Path dir;
    private Path scripts;

    private record Result(int exitCode, String output) {}

    @BeforeEach
    void putRecordersInPlaceOfCommands() throws IOException {
        scripts = Files.createDirectories(dir.resolve("tool kit/scripts"));
        Path originals = Path.of(System.getProperty("project.root"), "scripts");
        for (String name : List.of("defaults.sh", "stoppable.sh", "five_phases.sh", "cl_5phase.sh", "modx_5phase.sh", "compare.sh", "linear_eval.sh")) {
            Files.copy(originals.resolve(name), scripts.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String command : List.of("joint-train", "continual-train", "modx-train", "linear-eval", "modx")) {
            Path file = Files.writeString(scripts.resolve(command), RECORDER);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    @Test
    void everyPhaseStartsFromTheOneBefore() throws Exception {
        Result result = run("cl_5phase.sh", Map.of("CHECKPOINT", "start.pt", "RUN", "my run"), "--model_name", "ViT");

        assertThat(result.exitCode()).isZero();
        assertThat(calls()).hasSize(5).allMatch(call -> call.startsWith("continual-train --config ") && call.endsWith(" --model_name ViT"));
        assertThat(calls().get(0)).contains("configs/continual_train.yaml --devices 0,1,2,3 --train_img_dir data/flickr30k/flickr30k-images "
                + "--train_annotation_file data/flickr30k/dataset_flickr30k.json --resume latest --start 0 --end 1 --checkpoint_path start.pt "
                + "--train_dir my run/phase_1 --saved_checkpoints my run/phase_1 ");
        assertThat(calls().get(4)).contains(" --start 4 --end 5 --checkpoint_path my run/phase_4/checkpoint_final.pt ");
    }

    @Test
    void stopsAtTheFirstFailureAndGoesOnThere() throws Exception {
        Map<String, String> variables = Map.of("CHECKPOINT", "start.pt", "RUN", "run", "CHECKPOINTS", "kept", "DEVICES", "cpu");

        assertThat(run("modx_5phase.sh", with(variables, "FAIL_ON", "--start 2 "), "--alpha=10").exitCode()).isEqualTo(4);
        assertThat(calls()).hasSize(3);
        Files.delete(dir.resolve("calls"));

        assertThat(run("modx_5phase.sh", variables, "--alpha=10").exitCode()).isZero();
        assertThat(calls()).as("the command itself knows what is finished").hasSize(5).allMatch(call -> call.contains(" --resume latest "));
        assertThat(calls().get(2)).startsWith("modx-train --config ").contains(" --devices cpu ",
                " --start 2 --end 3 --checkpoint_path kept/phase_2/checkpoint_final.pt --train_dir run/phase_3 ").endsWith(" --alpha=10");
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "USR1,0"})
    void aSignalToTheScriptStopsTheCommandAndBeginsNoOther(String signal, int exitCode) throws Exception {
        Files.writeString(scripts.resolve("continual-train"), """
                #!/usr/bin/env bash
                trap 'echo TERM >>"$CALLS"; exit 143' TERM
                trap 'echo USR1 >>"$CALLS"; exit 0' USR1
                echo begun >>"$CALLS"
                while true; do sleep 0.05; done
                """);
        ProcessBuilder builder = new ProcessBuilder(scripts.resolve("cl_5phase.sh").toString()).directory(dir.toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("CHECKPOINT", "start.pt", "RUN", "run", "CALLS", dir.resolve("calls").toString()));
        Process process = builder.start();
        while (!Files.exists(dir.resolve("calls")) || calls().isEmpty()) {
            assertThat(process.isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor()).isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        assertThat(calls()).containsExactly("begun", signal);
    }

    @Test
    void argumentsWinOverVariables() throws Exception {
        assertThat(run("cl_5phase.sh", Map.of("CHECKPOINT", "start.pt"), "--train-img-dir=mine", "--devices", "cpu", "--resume", "latest").exitCode()).isZero();
        assertThat(calls().get(0)).contains("--train-img-dir=mine").doesNotContain("--train_img_dir", "0,1,2,3").containsOnlyOnce("--resume latest");
    }

    @Test
    void aModelToStartFromIsRequired() throws Exception {
        assertThat(run("cl_5phase.sh", Map.of())).isEqualTo(new Result(2, "CHECKPOINT is not set. "
                + "Expected the model to start from, such as the checkpoint_final.pt of joint-train on COCO.\n"));
    }

    @Test
    void stopsQuietlyWhereAPhaseIsNotTrainedToItsEnd() throws Exception {
        Files.writeString(scripts.resolve("continual-train"), "#!/bin/sh\n");

        assertThat(run("cl_5phase.sh", Map.of("CHECKPOINT", "start.pt"), "--dry_run")).isEqualTo(new Result(0, "Phase 1 of 5, from start.pt\n"
                + "Phase 1 of 5 has no final checkpoint, from which the next one would start. Stopping here.\n"));
    }

    @Test
    void comparesOnTheCallersData() throws Exception {
        Result result = run("compare.sh", Map.of("DATA", "my data", "OUT", "out", "SEED", "3", "MODEL", "tiny_rn"), "--precision", "bf16");

        assertThat(result.exitCode()).isZero();
        assertThat(calls()).extracting(call -> call.split(" ")[0]).containsExactly("joint-train", "continual-train", "modx-train", "joint-train", "modx");
        assertThat(calls().subList(0, 4)).allMatch(call -> call.endsWith(" --precision bf16") && call.contains(" --model_name tiny_rn ")
                && call.contains(" --seed 3 "));
        assertThat(calls().get(0)).contains(" --coco_train_img_dir my data/coco/train2014 ").doesNotContain("flickr30k");
        assertThat(calls().get(2)).contains(" --all_phases --checkpoint_path out/joint_old/checkpoint_final.pt ");
        assertThat(calls().get(3)).contains(" --coco_train_img_dir ", " --flickr30k_train_img_dir my data/flickr/flickr30k-images ");
        assertThat(calls().get(4)).contains("--run continual=out/continual --run modx=out/modx --bound joint=out/joint_both/checkpoint_final.pt "
                + "--eval_name flickr ", " --eval_name coco ");
    }

    @Test
    void comparingDrawsDataAndFailsWithTheFirstTraining() throws Exception {
        assertThat(run("compare.sh", Map.of("OUT", "out", "IMAGES", "60", "FAIL_ON", "--all_phases")).exitCode()).isEqualTo(4);
        assertThat(calls()).hasSize(3);
        assertThat(calls().get(0)).isEqualTo("modx sample-data --out out/data_60 --images 60");
    }

    @Test
    void linearEvaluationTakesFoldersFromVariables() throws Exception {
        assertThat(run("linear_eval.sh", Map.of("IMAGENET", "my net", "CHECKPOINT", "model.pt"), "--epochs", "2").exitCode()).isZero();
        assertThat(calls()).hasSize(1);
        assertThat(calls().get(0)).startsWith("linear-eval --config ").endsWith("configs/linear_eval.yaml --devices 0,1,2,3 --cnn model.pt "
                + "--train_dir my net/train --val_dir my net/val --checkpoint-dir runs/linear_eval --epochs 2");
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(dir.resolve("calls"));
    }

    private static Map<String, String> with(Map<String, String> variables, String name, String value) {
        Map<String, String> all = new HashMap<>(variables);
        all.put(name, value);
        return all;
    }

    private Result run(String script, Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(scripts.resolve(script).toString()), Stream.of(arguments)).toList())
                .directory(dir.toFile()).redirectErrorStream(true);
        Stream.of("CHECKPOINT", "CHECKPOINTS", "RUN", "DEVICES", "FLICKR30K", "IMAGENET", "TRAIN_IMAGES", "VAL_IMAGES", "DATA", "OUT", "MODEL", "SEED", "IMAGES").forEach(builder.environment()::remove);
        builder.environment().putAll(variables);
        builder.environment().put("CALLS", dir.resolve("calls").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}

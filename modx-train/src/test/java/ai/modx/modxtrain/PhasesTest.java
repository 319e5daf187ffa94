package ai.modx.modxtrain;

import static ai.modx.model.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.cli.CommandRunner;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.ModelConfig;
import ai.modx.torch.HostTensor;
import ai.modx.train.StartingPoint;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The command in phases, on generated pictures. */
@Tag("slow")
class PhasesTest {

    private static final ModelConfig MODEL = new ModelConfig(16, 32, List.of(1), 64, 8, 16, 49408, 32, 1, 1);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        new SampleData(new SampleSettings(24, 3, 48)).write(shared.resolve("sample"));
        Files.writeString(shared.resolve("models.yaml"), """
                toy:
                  embed_dim: 16
                  image_resolution: 32
                  vision_layers: 1
                  vision_width: 64
                  vision_patch_size: 8
                  context_length: 16
                  vocab_size: 49408
                  transformer_width: 32
                  transformer_heads: 1
                  transformer_layers: 1
                """);
        CheckpointWriter.write(shared.resolve("old.pt"),
                new CheckpointContents(0, 0, StartingPoint.fresh(MODEL, 5).weights().get(), Optional.empty(), Map.of()));
    }

    @Test
    void allPhasesInOneCallGiveTheBitsOfOneCallForEach() throws IOException {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Logger log = (Logger) LoggerFactory.getLogger(ModXTrain.class);
        log.addAppender(said);
        run(0, "--all_phases", "--num_phases", "3", "--train_dir", folder.resolve("all").toString());
        log.detachAppender(said);
        assertThat(said.list).filteredOn(event -> event.getLevel() == Level.WARN).hasSize(1).first().asString()
                .contains("--alpha ", " acts like ", ". The published 20 is --alpha ");
        Path old = shared.resolve("old.pt");
        for (int k = 0; k < 3; k++) {
            Path own = folder.resolve("single_" + k);
            run(0, "--start", "" + k, "--end", "" + (k + 1), "--num_phases", "3", "--train_dir", own.toString(), "--checkpoint_path", old.toString());
            old = own.resolve("checkpoint_final.pt");
        }
        assertThat(weights(folder.resolve("all/phase_3/checkpoint_final.pt"))).isEqualTo(weights(old));
        assertThat(folder.resolve("all/report.html")).content().contains(">phase 3</text>");
        assertThat(folder.resolve("all/phase_3/report.html")).content().doesNotContain(">phase 3</text>");
    }

    @Test
    void theSameCommandContinuesAnInterruptedRunToTheSameBits() throws IOException {
        String[] flags = {"--all_phases", "--num_phases", "3", "--save_steps", "2", "--train_dir"};
        run(0, with(flags, folder.resolve("whole").toString()));
        Path interrupted = folder.resolve("interrupted");
        copy(folder.resolve("whole/phase_1"), interrupted.resolve("phase_1"));
        copy(folder.resolve("whole/phase_2"), interrupted.resolve("phase_2"));
        Files.delete(interrupted.resolve("phase_2/checkpoint_final.pt"));
        run(0, with(flags, interrupted.toString()));
        assertThat(Files.readAllBytes(interrupted.resolve("phase_3/checkpoint_final.pt")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole/phase_3/checkpoint_final.pt")));
        FileTime written = Files.getLastModifiedTime(interrupted.resolve("phase_3/checkpoint_final.pt"));
        run(0, with(flags, interrupted.toString()));
        assertThat(Files.getLastModifiedTime(interrupted.resolve("phase_3/checkpoint_final.pt"))).as("a finished run is left alone").isEqualTo(written);
    }

    @Test
    void phasesOfAnotherStartAreNeitherContinuedNorWrittenOver() throws IOException {
        Path run = folder.resolve("run");
        String[] flags = {"--all_phases", "--num_phases", "3", "--max_steps", "2"};
        run(0, with(flags, "--train_dir", run.toString()));
        Path other = folder.resolve("other.pt");
        CheckpointWriter.write(other,
                new CheckpointContents(0, 0, StartingPoint.fresh(MODEL, 6).weights().get(), Optional.empty(), Map.of()));
        assertThat(run(2, with(flags, "--train_dir", run.toString(), "--checkpoint_path", other.toString()))).contains("that run has checkpoint_weights ");
        assertThat(run(2, with(flags, "--train_dir", folder.resolve("new").toString(), "--saved_checkpoints", run.toString())))
                .contains("phase_1 already holds a run (checkpoint_0_2.pt)");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void phasesAreNotBegunAnewBecauseTheyAreLookedForInAnotherFolder() throws IOException {
        Path run = folder.resolve("run");
        String[] flags = {"--all_phases", "--num_phases", "3", "--max_steps", "2", "--train_dir", run.toString()};
        run(0, flags);
        Path elsewhere = folder.resolve("elsewhere");
        assertThat(run(2, with(flags, "--saved_checkpoints", elsewhere.toString()))).contains("--saved_checkpoints " + elsewhere.resolve("phase_1")
                + ": the run in " + run.resolve("phase_1") + " saves into " + run.resolve("phase_1") + ". Give that folder to continue it");
        assertThat(Files.readAllLines(run.resolve("phase_1/metrics.jsonl"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "every_step"})
    void aBatchInChunksTrainsTheWeightsOfTheUndividedOne(String teacher) throws IOException {
        String[] flags = {"--teacher_features", teacher, "--train_dir"};
        run(0, with(flags, folder.resolve("undivided").toString()));
        run(0, with(flags, folder.resolve("chunks").toString(), "--per_gpu_train_batch_size", "1", "--accum_freq", "4"));
        Map<String, HostTensor> undivided = Checkpoint.read(folder.resolve("undivided/checkpoint_final.pt")).model();
        Checkpoint.read(folder.resolve("chunks/checkpoint_final.pt")).model().forEach((name, tensor) -> assertClose(
                name, tensor.toFloatArray(), undivided.get(name).toFloatArray(), name.endsWith("in_proj_bias") ? 2e-3 : 2e-5));
        assertThat(Files.readAllLines(folder.resolve("chunks/metrics.jsonl"))).hasSameSizeAs(Files.readAllLines(folder.resolve("undivided/metrics.jsonl")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void blocksComputedAgainTrainTheSameBits(String chunks) throws IOException {
        String[] flags = {"--accum_freq", chunks, "--train_dir"};
        run(0, with(flags, folder.resolve("kept").toString()));
        run(0, with(flags, folder.resolve("again").toString(), "--grad_checkpointing"));
        assertThat(weights(folder.resolve("again/checkpoint_final.pt"))).isEqualTo(weights(folder.resolve("kept/checkpoint_final.pt")));
    }

    @Test
    void featuresComputedOnceTrainTheWeightsOfFeaturesComputedEveryStep() throws IOException {
        run(0, "--train_dir", folder.resolve("once").toString());
        run(0, "--teacher_features", "every_step", "--train_dir", folder.resolve("every").toString());
        Map<String, HostTensor> once = Checkpoint.read(folder.resolve("once/checkpoint_final.pt")).model();
        Checkpoint.read(folder.resolve("every/checkpoint_final.pt")).model().forEach((name, tensor) -> {
            float[] expected = once.get(name).toFloatArray();
            assertClose(name, tensor.toFloatArray(), expected, name.endsWith("in_proj_bias") ? 2e-3 : 2e-5);
        });
        assertThat(Files.readAllLines(folder.resolve("once/metrics.jsonl")).get(0)).contains("\"loss_train\":", "\"loss_distill\":", "\"kept_i2t\":", "\"kept_t2i\":");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | --start 3 --end 2 --num_phases 5 | --start 3 --end 2: expected 0 <= start < end <= 5, the number of phases",
        "2 | --end 9 | --start 0 --end 9: expected 0 <= start < end <= 5, the number of phases",
        "3 | --num_phases 20 | Phase 1 of 20 would have 1 of the 26 images of dataset_flickr30k: training needs at least 2. Use fewer phases or more data",
        "2 | --num_phases 20 --all_phases --resume latest | --resume: with --all_phases the same command continues by itself. Leave the flag out",
        "2 | --alpha x | --alpha",
        "5 | --model_name ViT | old.pt does not fit ViT: ",
    })
    void whatCannotBeRunIsRefusedInOneSentenceBeforeAnythingIsWritten(int exitCode, String flags, String sentence) {
        Path out = folder.resolve("refused");
        assertThat(run(exitCode, with(flags.split(" "), "--train_dir", out.toString()))).contains(sentence);
        assertThat(out).doesNotExist();
    }

    @Test
    void alphaAndTheOldModelAreRequired() {
        StringWriter err = new StringWriter();
        int exitCode = CommandRunner.run(new PrintWriter(err), new PrintWriter(err), new ModXTrain(), "--train_dir", folder.toString(),
                "--train_annotation_file", "x.json", "--train_img_dir", "y", "--alpha", "20");
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--checkpoint_path is missing");
        StringWriter second = new StringWriter();
        assertThat(CommandRunner.run(new PrintWriter(second), new PrintWriter(second), new ModXTrain(), "--train_dir", folder.toString(),
                "--train_annotation_file", "x.json", "--train_img_dir", "y")).isEqualTo(2);
        assertThat(second.toString()).contains("--alpha");
    }

    /** Runs two epochs in batches of four; flags that the test gives win. */
    private String run(int exitCode, String... flags) {
        List<String> arguments = new ArrayList<>(Arrays.asList(flags));
        Map<String, String> usual = Map.of("--alpha", "20", "--model_name", "toy", "--checkpoint_path", shared.resolve("old.pt").toString(),
                "--per_gpu_train_batch_size", "4");
        usual.forEach((flag, value) -> {
            if (!arguments.contains(flag)) {
                arguments.addAll(List.of(flag, value));
            }
        });
        if (arguments.contains("toy")) {
            arguments.addAll(List.of("--model_config", shared.resolve("models.yaml").toString()));
        }
        arguments.addAll(List.of("--train_annotation_file", shared.resolve("sample/flickr/dataset_flickr30k.json").toString(),
                "--train_img_dir", shared.resolve("sample/flickr/flickr30k-images").toString(), "--num_train_epochs", "2", "--num_workers", "0", "--devices", "cpu"));
        StringWriter err = new StringWriter();
        int code = CommandRunner.run(new PrintWriter(err), new PrintWriter(err), new ModXTrain(), arguments.toArray(String[]::new));
        assertThat(code).as(err.toString()).isEqualTo(exitCode);
        return err.toString();
    }

    private static String[] with(String[] flags, String... more) {
        return Stream.concat(Arrays.stream(flags), Arrays.stream(more)).toArray(String[]::new);
    }

    private static Map<String, List<Float>> weights(Path checkpoint) {
        Map<String, List<Float>> weights = new TreeMap<>();
        Checkpoint.read(checkpoint).model().forEach((name, tensor) -> {
            List<Float> values = new ArrayList<>();
            for (float value : tensor.toFloatArray()) {
                values.add(value);
            }
            weights.put(name, values);
        });
        return weights;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}

package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.Golden;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModxTest {

    @TempDir
    Path dir;

    @Test
    void listsItsCommands() {
        assertThat(run("--help").out()).contains("Commands:", "sample-data  Draws a data set", "inspect      Prints what a checkpoint holds, or how two differ.");
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run("-v").exitCode()).isEqualTo(2);
    }

    @Test
    void saysWhereACheckpointGoes() {
        assertThat(run("encode", "--checkpoint_path", "a.pt").err()).startsWith(
                "modx encode: unknown flag --checkpoint_path. Did you mean FILE, the checkpoint, without a flag?\n");
        assertThat(run("doctor", "--checkpoint_path", "a.pt").err()).startsWith("modx doctor: unknown flag --checkpoint_path.\n");
        assertThat(run("retrieval", "a.pt").err()).startsWith("modx retrieval: unexpected argument 'a.pt'. Did you mean --checkpoint_path a.pt?\n");
    }

    @Test
    void helpIsACommandToo() {
        assertThat(run("help")).isEqualTo(run("--help"));
        assertThat(run("help", "retrieval")).isEqualTo(run("retrieval", "--help"));
        assertThat(run("help", "inspct")).isEqualTo(run("inspct"));
    }

    @Test
    void suggestsTheCommandThatIsMeant() {
        assertThat(run("inspct", "a.pt")).isEqualTo(new Shell.Result(2, "",
                "modx: unknown command 'inspct'. Did you mean 'inspect'?\nRun 'modx --help' for all flags.\n"));
    }

    @Test
    void drawsSampleData() {
        Path out = dir.resolve("sample");
        assertThat(run("sample-data", "--out", out.toString(), "--images=2", "--image-size", "32")).isEqualTo(new Shell.Result(0, out
                + ": 11 pictures\n  coco/    2 to train on, 1 to test on\n  flickr/  2 to train on, 1 held out, 1 to test on\n"
                + "  folder/  2 to train on, 2 to test on, 2 classes\n", ""));
        assertThat(out.resolve("coco/annotations/captions_train2014.json")).exists();
    }

    @Test
    void refusesWrongSizesAndFoldersInUse() throws Exception {
        assertThat(run("sample-data", "--out", dir.resolve("a").toString(), "--images", "0")).isEqualTo(new Shell.Result(2, "",
                "modx sample-data: --images 0: expected a number of training pictures from 1 to 100000.\n"));
        Files.createFile(dir.resolve("mine"));
        assertThat(run("sample-data", "--out", dir.toString())).isEqualTo(new Shell.Result(2, "",
                "modx sample-data: --out " + dir + " is not empty (it holds mine); give a new or empty folder.\n"));
        assertThat(run("sample-data").err())
                .startsWith("modx sample-data: --out is required (new or empty folder for the data set)\nRun 'modx sample-data --help'");
    }

    @Test
    void inspectsCheckpoints() {
        String file = Golden.path("checkpoints/micro_vit_checkpoint_1_2.pt").toString();
        Shell.Result brief = run("inspect", file);
        assertThat(brief.exitCode()).isZero();
        assertThat(brief.out()).contains("file         " + file + "\n", "epoch        1\n", "global step  2\n", "image tower  ViT, width 64")
                .doesNotContain("visual.conv1.weight");
        assertThat(run("inspect", "--tensors", file).out()).startsWith(brief.out()).contains("visual.conv1.weight  float32  [64, 3, 8, 8]\n");
    }

    @Test
    void inspectingARunDividesListsAndCutsLongOnes() {
        Path file = dir.resolve("run.pt");
        CheckpointWriter.write(file, new CheckpointContents(0, 3, Map.of("w", new HostTensor(ElementType.UINT8, new long[] {0}, ByteBuffer.allocateDirect(0))),
                Optional.empty(), Map.of("note", "by \u001b[1mhand, " + "and, ".repeat(30), Checkpoint.RUN, Map.of("identity", Map.of("seed", "0", "model",
                        "{\"embed_dim\":32,\"vision_layers\":[3,4,6,3],\"image_resolution\":32,\"context_length\":24,\"vocab_size\":49408,\"transformer_width\":64}"),
                        "bad_images", IntStream.range(0, 100).boxed().toList()))));
        assertThat(run("inspect", file.toString()).out()).contains("also holds   note ('by ?[1mhand" + ", and".repeat(11) + ", a ... 165 characters)\nrun\n", "\n  seed                        0\n",
                "\n  model                       embed_dim 32, vision_layers [3,4,6,3], image_resolution 32, context_length 24,\n"
                + "                              vocab_size 49408, transformer_width 64\n", "\n  bad_images                  0, 1, 2, ", "19, ... 100 in all\n");
    }

    @Test
    void saysWhetherCheckpointsDiffer() {
        String file = Golden.path("checkpoints/micro_vit_checkpoint_1_2.pt").toString();
        assertThat(run("inspect", file, file)).isEqualTo(new Shell.Result(0, "Equal in all of 202 values\n", ""));
        Shell.Result different = run("inspect", file, Golden.path("checkpoints/variety_zip.pt").toString());
        assertThat(different.exitCode()).isEqualTo(1);
        assertThat(different.out()).contains("weights    different in ", "model_state_dict.visual.conv1.weight  only in the first: float32 [64, 3, 8, 8]\n")
                .containsPattern("Different in \\d+ of \\d+ values\n$");
    }

    @Test
    void refusesCheckpointsThatCannotBeRead() {
        String file = Golden.path("checkpoints/evil_system_zip.pt").toString();
        Shell.Result result = run("inspect", file);
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("modx inspect: ").contains(file, "system").hasLineCount(1);
        assertThat(run("inspect").err()).startsWith("modx inspect: FILE is required (a checkpoint)\n");
    }

    private static Shell.Result run(String... arguments) {
        return Shell.run(new Modx(), arguments);
    }
}

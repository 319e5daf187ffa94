package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeValuesTest {

    @TempDir
    Path dir;
    private Path file;
    private final Toy toy = new Toy();

    @BeforeEach
    void nameFile() {
        file = dir.resolve("toy.yaml");
    }

    @Test
    void goesBeforeDefaultsAndAfterTheCommandLine() {
        recipe("train_dir: out\nparams-lr: 1e-3\nnum_train_epochs: 7\ndry_run: yes\ncache: no\ndevices: [cpu, cpu]\norder: sequential\n");

        assertThat(run("--num-train-epochs", "2").err()).isEmpty();
        assertThat(toy.training.trainDir).isEqualTo(Path.of("out"));
        assertThat(toy.training.rate).isEqualTo(1e-3);
        assertThat(toy.training.decay).isEqualTo(0.1);
        assertThat(toy.training.epochs).isEqualTo(2);
        assertThat(toy.training.order).isEqualTo(Toy.Order.SEQUENTIAL);
        assertThat(toy.machine.dryRun).isTrue();
        assertThat(toy.machine.cache).isFalse();
        assertThat(toy.machine.devices.cpus()).isEqualTo(2);
        assertThat(toy.recipe.file()).contains(file);
    }

    @Test
    void yieldsToYesOrNoFlagsOfTheCommandLine() {
        recipe("train_dir: out\ndry_run: true\ncache: false\n");

        run("--no-dry-run", "--cache");
        assertThat(toy.machine.dryRun).isFalse();
        assertThat(toy.machine.cache).isTrue();
        run("--dry_run", "--no_cache");
        assertThat(toy.machine.dryRun).isTrue();
        assertThat(toy.machine.cache).isFalse();
    }

    @Test
    void wordsForYesAndNoAreTextWhereTextIsTaken() {
        recipe("train_dir: no\ndry_run: On\n");
        assertThat(run().err()).isEmpty();
        assertThat(toy.training.trainDir).isEqualTo(Path.of("no"));
        assertThat(toy.machine.dryRun).isTrue();
    }

    @Test
    void refusesUnknownKeys() {
        recipe("train_dir: out\nlr: 1e-3\n");
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run().err()).isEqualTo("toy: " + file + ", line 2: unknown key 'lr'. Did you mean 'params_lr'?\n");
        recipe("train_dir: out\nzzzzzz: 1e-3\n");
        assertThat(run().err()).startsWith("toy: " + file + ", line 2: unknown key 'zzzzzz'. Known keys: cache, ")
                .doesNotContain("help", "version", "config,");
    }

    @Test
    void placesWrongValuesInTheFile() {
        recipe("train_dir: out\n\nnum-train-epochs: many\n");
        assertThat(run()).isEqualTo(new Shell.Result(2, "", "toy: " + file
                + ", line 3: --num_train_epochs many: expected a whole number\nRun 'toy --help' for all flags.\n"));
        recipe("train_dir: out\ndevices: tpu\n");
        assertThat(run().err()).startsWith("toy: " + file + ", line 2: --devices tpu: expected auto, cpu (once");
    }

    @Test
    void placesValuesThatTheCommandRefusesInTheFile() {
        recipe("train_dir: out\nnum_train_epochs: 0\n");
        assertThat(run()).isEqualTo(new Shell.Result(2, "", "toy: " + file + ", line 2: --num_train_epochs 0: expected at least 1\n"));
        assertThat(run("--num_train_epochs=-1")).isEqualTo(new Shell.Result(2, "", "toy: --num_train_epochs -1: expected at least 1\n"));
    }

    @Test
    void isReproducedByTheEffectiveFlags() {
        recipe("train_dir: out\nparams_lr: 1e-3\ncache: no\ndevices: [cpu, cpu]\n");
        run("--order", "sequential", "-v");
        assertThat(EffectiveFlags.of(toy.spec)).containsExactly(entry("params_lr", "0.001"), entry("params_weight_decay", "0.1"),
                entry("num_train_epochs", "35"), entry("per_gpu_train_batch_size", "64"), entry("order", "sequential"),
                entry("train_dir", "out"), entry("devices", "cpu,cpu"), entry("dry_run", "false"), entry("cache", "false"));
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThat(run()).isEqualTo(new Shell.Result(2, "", "toy: " + file + ": no such file. Expected a YAML file\n"));
    }

    private Shell.Result run(String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--config";
        arguments[1] = file.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Shell.run(toy, arguments);
    }

    private void recipe(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {

    private static final List<String> FLAGS = List.of("params_lr", "num_workers", "dry_run", "devices", "train-percent");

    @TempDir
    Path dir;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("joint.yaml");
    }

    @Test
    void givesTheWordsOfTheFileUnderTheCommandsSpelling() {
        Recipe recipe = read("params-lr: 5e-4\nnum_workers: 08\ndry_run: yes\ndevices: [cpu, cpu]\ntrain_percent: 10 # of 100\n");

        assertThat(recipe.values()).containsExactly(
                entry("params_lr", List.of("5e-4")),
                entry("num_workers", List.of("08")),
                entry("dry_run", List.of("yes")),
                entry("devices", List.of("cpu", "cpu")),
                entry("train-percent", List.of("10")));
    }

    @Test
    void refusesUnknownKeysAndNamesTheNearest() {
        fails("devices: cpu\nlr: 1e-3\n", ", line 2: unknown key 'lr'. Did you mean 'params_lr'?");
        fails("devices: cpu\nzzzzzz: 1e-3\n", ", line 2: unknown key 'zzzzzz'."
                + " Known keys: devices, dry_run, num_workers, params_lr, train-percent");
    }

    @Test
    void refusesOneFlagInTwoSpellings() {
        fails("params_lr: 1\nparams-lr: 2\n", ", line 2: 'params-lr' and 'params_lr' are the same flag");
    }

    @Test
    void refusesNestedValues() {
        fails("devices: {a: 1}\n", ", line 1: 'devices' holds a mapping. Expected a value or a list of values");
        fails("devices: [[1]]\n", ", line 1: 'devices' holds a list. Expected a value or a list of values");
    }

    @Test
    void placesErrorsOfOthersInTheFile() {
        assertThat(read("\nnum-workers: x\n").error("num_workers", "--num_workers x: not a number"))
                .hasMessage(file + ", line 2: --num_workers x: not a number");
    }

    private Recipe read(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Recipe.read(file, FLAGS);
    }

    private void fails(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> read(yaml)).withMessage(file + message);
    }
}

package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestNameTest {

    private static final List<String> FLAGS = List.of("num_train_epochs", "per_gpu_train_batch_size", "params_lr", "params_eps",
            "params_weight_decay", "seed", "order", "train_dir");

    @ParameterizedTest
    @CsvSource({
        "parms_lr, params_lr",
        "seeed, seed",
        "SEED, seed",
        "train-dir, train_dir",
        "lr, params_lr",
        "epochs, num_train_epochs",
        "batch-size, per_gpu_train_batch_size",
        "weight_decay, params_weight_decay",
    })
    void guessesWhatWasMeant(String given, String meant) {
        assertThat(NearestName.didYouMean(given, FLAGS, "--%s")).isEqualTo(" Did you mean --" + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"warmup", "torchcompile", "x", ""})
    void asksNothingWhereNothingIsSimilar(String given) {
        assertThat(NearestName.didYouMean(given, FLAGS, "--%s")).isEmpty();
    }
}

package ai.modx.lineareval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.checkpoint.CheckpointException;
import ai.modx.fuzz.Formats;
import ai.modx.fuzz.FuzzTarget;
import ai.modx.fuzz.Fuzzer;
import ai.modx.fuzz.Seeds;
import ai.modx.torch.HostTensor;
import ai.modx.torch.PickleWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever is in checkpoint.pth, it is continued or refused; see HostileFilesTest of modx-core, whose settings count here too. */
class HostileProbeTest {

    @Test
    void everyCheckpointIsReadOrRefused() throws IOException {
        PickleWriter good = new PickleWriter(tree());
        FuzzTarget target = new FuzzTarget("linear-eval checkpoint", List.of(good.bytes()), Formats.PICKLE, Seeds.archive(good), file ->
                ProbeCheckpoint.find(file).orElseThrow().trained(), CheckpointException.class);
        try (Fuzzer fuzzer = new Fuzzer(target, Path.of("target", "fuzz"))) {
            assertThat(fuzzer.accepts(good.bytes())).as("a good file is read").isTrue();
            fuzzer.run(Fuzzer.INPUTS, Fuzzer.SEED);
        }
    }

    private static Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("epoch", 1);
        tree.put("global_step", 3);
        tree.put("best_acc", Map.of("top1", 50.0, "top5", 100.0, "mean_recall", 50.0, "epoch", 0));
        tree.put("classifier", Map.of("weight", HostTensor.of(new float[6], 2, 3), "bias", HostTensor.of(new float[2], 2)));
        tree.put("optimizer", Map.of("state", Map.of(0, Map.of("momentum_buffer", HostTensor.of(new float[6], 2, 3)), 1,
                Map.of("momentum_buffer", HostTensor.of(new float[2], 2))), "param_groups", List.of(Map.of("lr", 0.3, "initial_lr", 0.3, "momentum", 0.9,
                "weight_decay", 0.0, "params", List.of(0, 1)))));
        tree.put("modx", Map.of("identity", Map.of("--seed", "1"), "evaluated", 1, "stats_lines", 10));
        return tree;
    }
}

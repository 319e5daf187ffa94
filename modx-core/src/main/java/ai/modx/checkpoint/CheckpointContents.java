package ai.modx.checkpoint;

import ai.modx.torch.TensorSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a training run saves.
 *
 * @param epoch      the running epoch, counted from 0
 * @param globalStep optimizer steps taken
 * @param model      weights and buffers in the order of torch's state dict
 * @param optimizer  AdamW's state, if the run is to be continued from here
 * @param extra      plain values beside the original's keys, which Python ignores
 */
public record CheckpointContents(
        long epoch,
        long globalStep,
        Map<String, ? extends TensorSource> model,
        Optional<AdamWState> optimizer,
        Map<String, Object> extra) {

    private static final Set<String> RESERVED =
            Set.of(Checkpoint.EPOCH, Checkpoint.GLOBAL_STEP, Checkpoint.MODEL, Checkpoint.OPTIMIZER);

    public CheckpointContents {
        model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
        if (!Collections.disjoint(RESERVED, extra.keySet())) {
            throw new IllegalArgumentException("Extra entries must not be named like the original's " + RESERVED);
        }
    }
}

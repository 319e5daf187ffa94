package ai.modx.model;

import ai.modx.torch.TorchEngine;

/** What computes the float32 products of linear layers on the CPU. The results are the same but for rounding. */
public enum LinearLayers {
    /** oneDNN where it is much faster, which the kind of processor decides and no measurement: a run repeats to the bit. */
    AUTO,

    /** What libtorch takes for matrix products. */
    TORCH,

    /** oneDNN, as which libtorch computes convolutions. */
    ONEDNN;

    /** Whether products are computed as convolutions. */
    public boolean convolved(boolean gpu, Precision precision) {
        return !gpu && precision != Precision.BF16 && (this == ONEDNN || this == AUTO && isOneDnnFaster());
    }

    private static boolean isOneDnnFaster() {
        TorchEngine engine = TorchEngine.start();
        return engine.processor().prefersOneDnn() && engine.oneDnn().isUsedForLinear();
    }
}

package ai.modx.model;

import ai.modx.torch.Processor;
import java.util.Locale;

/** What computes the float32 products of linear layers on the CPU. The results are the same but for rounding. */
public enum LinearLayers {
    /** oneDNN where it is much faster, which the kind of processor decides and no measurement: a run repeats to the bit. */
    AUTO,

    /** What libtorch takes for matrix products. */
    TORCH,

    /** oneDNN, as which libtorch computes convolutions. */
    ONEDNN;

    /**
     * Whether products are computed as convolutions. (No class of the engine may stand here: a flag's type is looked at by {@code --help},
     * which must not load it.)
     */
    public boolean convolved(boolean gpu, Precision precision) {
        return !gpu && precision != Precision.BF16 && (this == ONEDNN || this == AUTO && Processor.current().prefersOneDnn());
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package ai.modx.model;

import ai.djl.Device;
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

    /** Whether products are computed as convolutions. */
    public boolean convolved(Device device, Precision precision) {
        return !device.isGpu() && precision != Precision.BF16 && (this == ONEDNN || this == AUTO && Processor.current().prefersOneDnn());
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package ai.modx.model;

import java.util.Locale;

/** The element type of CLIP's arithmetic. Weights, gradients and features are float32 in every case. */
public enum Precision {
    FP32(6),
    BF16(15);

    /** torch's number of the element type. */
    private final int torchNumber;

    Precision(int torchNumber) {
        this.torchNumber = torchNumber;
    }

    int torchNumber() {
        return torchNumber;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

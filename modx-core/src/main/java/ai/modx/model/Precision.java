package ai.modx.model;

import ai.modx.torch.ElementType;
import ai.modx.torch.TensorFloat32;
import java.util.Locale;
import java.util.function.Supplier;

/** CLIP's arithmetic. Weights, gradients and features are float32 in every case. */
public enum Precision {
    /** float32 as torch does it unless told otherwise: on CUDA, convolutions use TF32 and matrix products do not. */
    FP32(ElementType.FLOAT32),

    /** float32 tensors, whose products CUDA computes in TF32. */
    TF32(ElementType.FLOAT32),

    BF16(ElementType.BFLOAT16);

    private final ElementType type;

    Precision(ElementType type) {
        this.type = type;
    }

    /** libtorch's number of the element type of products. */
    public int torchNumber() {
        return type.torchNumber();
    }

    /** Measures or tests in this precision, in a process that goes on in others: models in TF32 switch it on for good. */
    public <T> T during(Supplier<T> work) {
        return this == TF32 ? TensorFloat32.during(work) : work.get();
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package ai.modx.torch;

/**
 * A tensor that can be brought to the host when it is needed. Writers take tensors in this form, so that a model on a GPU
 * is copied one tensor at a time and never lies in host memory as a whole.
 */
public interface TensorSource {

    ElementType type();

    /** Dimensions; empty for a scalar. */
    long[] shape();

    /** The elements in host memory. May be called more than once and gives equal elements each time. */
    HostTensor load();
}

package ai.modx.kernels;

/** This machine computes a model's products wrong, whatever computes them. */
public final class WrongKernelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    WrongKernelException(String message) {
        super(message);
    }
}

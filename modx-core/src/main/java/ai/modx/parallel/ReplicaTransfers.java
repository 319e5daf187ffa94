package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.TorchProgram;
import java.util.List;
import java.util.Map;

/** Moves gradients and weights between replicas, for training that is not contrastive. */
public final class ReplicaTransfers implements AutoCloseable {

    private final TorchProgram program;

    public ReplicaTransfers(NDManager manager) {
        program = TorchProgram.load(manager, ReplicaTransfers.class, "replicas.torchscript.py", "Replicas", Map.of());
    }

    /** Adds the gradients of one list to those of another, parameter by parameter; all have gradients. */
    public void addGradients(List<NDArray> into, List<NDArray> other) {
        program.update("add_gradients", into, other);
    }

    /** Euclidean norm of all gradients together. */
    public double gradientNorm(List<NDArray> parameters) {
        return program.update("gradient_norm", parameters);
    }

    /** Clears gradients that are there. */
    public void zeroGradients(List<NDArray> parameters) {
        program.update("zero_gradients", parameters);
    }

    /** Overwrites the arrays of one list by those of another. */
    public void copy(List<NDArray> into, List<NDArray> other) {
        program.update("copy", into, other);
    }

    @Override
    public void close() {
        program.close();
    }
}

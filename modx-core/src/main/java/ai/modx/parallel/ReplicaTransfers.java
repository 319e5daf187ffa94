package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TorchProgram;
import java.util.List;
import java.util.Map;

/** What one replica does with gradients and weights, its own and those of the others: everything ends on its device. */
public final class ReplicaTransfers implements AutoCloseable {

    /** 64 MB: few copies, and little memory for them. */
    private static final int PIECE = 1 << 24;

    private final TorchProgram program;
    /** A scalar that tells the program which device is this replica's. */
    private final NDArray home;

    /** @param manager on the replica's device */
    public ReplicaTransfers(NDManager manager) {
        this(manager, PIECE, false);
    }

    /**
     * @param piece      elements that cross devices at once, if no tensor has more
     * @param alwaysCopy treat tensors of the same device as those of another, for tests on a machine that has but one
     */
    ReplicaTransfers(NDManager manager, int piece, boolean alwaysCopy) {
        program = TorchProgram.load(manager, ScriptSource.of(ReplicaTransfers.class, "replicas.py"), "Replicas",
                Map.of("piece", piece, "always_copy", alwaysCopy));
        home = NativeScope.keep(manager.create(0f));
    }

    /** The rows of all parts under one another, without their graphs: (B_i, E) each to (B, E). */
    NDArray gather(List<NDArray> parts) {
        return program.call("gather", home, parts);
    }

    /** Gives parameters gradients of 0, as they have none until they take part in a backpropagation. */
    void makeGradients(List<NDArray> parameters) {
        try (NativeScope scope = NativeScope.withGradients()) {
            program.callForList("make_gradients", parameters);
        }
    }

    /** Adds the gradients of one list to those of another, parameter by parameter; all have gradients. */
    public void addGradients(List<NDArray> into, List<NDArray> other) {
        program.update("add_gradients", into, other);
    }

    /** Euclidean norm of all gradients together, to float32's digits; torch's own on the CPU is off by up to a thousandth. */
    double gradientNorm(List<NDArray> parameters) {
        return program.measure("gradient_norm", parameters);
    }

    void scaleGradients(List<NDArray> parameters, double factor) {
        program.update("scale_gradients", parameters, factor);
    }

    /** Clears gradients that are there. */
    public void zeroGradients(List<NDArray> parameters) {
        program.update("zero_gradients", parameters);
    }

    /** Overwrites the arrays of one list by those of another. */
    public void copy(List<NDArray> into, List<NDArray> other) {
        program.update("copy", into, other);
    }

    void clamp(NDArray array, double low, double high) {
        program.update("clamp", array, low, high);
    }

    @Override
    public void close() {
        home.close();
        program.close();
    }
}

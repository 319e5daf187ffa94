package ai.modx.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TensorSource;
import ai.modx.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum and weight decay by torch's formula, on one list of parameters: with
 * g = gradient + decay * parameter, the momentum m becomes momentum * m + g, and the parameter moves by -rate * m.
 */
public final class Sgd implements AutoCloseable {

    private final NDManager manager;
    private final TorchProgram program;
    private final List<NDArray> parameters;
    private final List<NDArray> momenta = new ArrayList<>();

    /** An optimizer that has not stepped yet. */
    public Sgd(NDManager parent, List<NDArray> parameters, double momentum, double weightDecay) {
        this.parameters = List.copyOf(parameters);
        manager = parent.newSubManager();
        program = TorchProgram.load(manager, ScriptSource.of(Sgd.class, "sgd.py"), "Sgd",
                Map.of("momentum", momentum, "weight_decay", weightDecay));
        for (NDArray parameter : parameters) {
            momenta.add(NativeScope.keep(manager.zeros(parameter.getShape())));
        }
    }

    /** Moves every parameter by its gradient. Each must have one. */
    public void step(double learningRate) {
        program.update("step", parameters, momenta, learningRate);
    }

    /** torch's momentum buffers, one a parameter, in order; as they are when they are loaded. */
    public List<TensorSource> momenta() {
        return momenta.stream().map(TensorCopy::lazily).toList();
    }

    /**
     * Goes on from saved momentum buffers.
     *
     * @param saved one a parameter, in order and of its shape
     */
    public void restore(List<? extends TensorSource> saved) {
        if (saved.size() != momenta.size()) {
            throw new IllegalArgumentException(saved.size() + " saved momenta for " + momenta.size() + " parameters");
        }
        for (int i = 0; i < saved.size(); i++) {
            HostTensor value = saved.get(i).load().toFloat32();
            momenta.set(i, TensorCopy.toDevice(manager, value)).close();
        }
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}

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
 * AdamW (Loshchilov and Hutter 2019) with torch's formula, by libtorch's fused kernel, on one list of parameters. Weight
 * decay reaches every parameter, as in the original.
 */
public final class AdamW implements AutoCloseable {

    /**
     * What does not change from step to step.
     *
     * @param beta1       decay of the first moment
     * @param beta2       decay of the second moment
     * @param eps         added to the root of the second moment
     * @param weightDecay decoupled weight decay, times the learning rate
     */
    public record Settings(double beta1, double beta2, double eps, double weightDecay) {

        /** Settings with torch's default betas, which the original uses. */
        public static Settings of(double eps, double weightDecay) {
            return new Settings(0.9, 0.999, eps, weightDecay);
        }
    }

    /**
     * The optimizer's memory of one parameter.
     *
     * @param step     updates so far
     * @param expAvg   first moment, of the parameter's shape
     * @param expAvgSq second moment, of the parameter's shape
     */
    public record Moments(long step, TensorSource expAvg, TensorSource expAvgSq) {}

    private final Settings settings;
    private final NDManager manager;
    private final TorchProgram program;
    private final List<NDArray> expAvgs = new ArrayList<>();
    private final List<NDArray> expAvgSqs = new ArrayList<>();
    private final List<NDArray> steps = new ArrayList<>();

    /**
     * An optimizer that has not stepped yet.
     *
     * @param parameters of what shapes they are
     */
    public AdamW(NDManager parent, List<NDArray> parameters, Settings settings) {
        this.settings = settings;
        manager = parent.newSubManager();
        program = TorchProgram.load(manager, ScriptSource.of(AdamW.class, "adamw.py"), "AdamW", Map.of(
                "beta1", settings.beta1(), "beta2", settings.beta2(), "eps", settings.eps(), "weight_decay", settings.weightDecay()));
        for (NDArray parameter : parameters) {
            expAvgs.add(NativeScope.keep(manager.zeros(parameter.getShape())));
            expAvgSqs.add(NativeScope.keep(manager.zeros(parameter.getShape())));
            steps.add(NativeScope.keep(manager.create(0f)));
        }
    }

    /**
     * Moves every parameter by its gradient. Each must have one.
     *
     * @param parameters in the order of the constructor's
     */
    public void step(List<NDArray> parameters, double learningRate) {
        program.update("step", parameters, expAvgs, expAvgSqs, steps, learningRate);
    }

    public Settings settings() {
        return settings;
    }

    /** The memory of parameter number {@code index} as it is when its tensors are loaded. */
    public Moments moments(int index) {
        return new Moments((long) TensorCopy.toFloat(steps.get(index)), TensorCopy.lazily(expAvgs.get(index)), TensorCopy.lazily(expAvgSqs.get(index)));
    }

    /**
     * Goes on from a saved memory.
     *
     * @param saved one entry a parameter, in order
     */
    public void restore(List<Moments> saved) {
        if (saved.size() != steps.size()) {
            throw new IllegalArgumentException(saved.size() + " saved moments for " + steps.size() + " parameters");
        }
        for (int i = 0; i < saved.size(); i++) {
            replace(steps, i, HostTensor.of(new float[] {saved.get(i).step()}));
            replace(expAvgs, i, saved.get(i).expAvg().load());
            replace(expAvgSqs, i, saved.get(i).expAvgSq().load());
        }
    }

    private void replace(List<NDArray> arrays, int index, HostTensor value) {
        NDArray fresh = TensorCopy.toDevice(manager, value.toFloat32());
        arrays.set(index, fresh).close();
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}

package ai.modx.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A program in PyTorch, run by libtorch: the one class that knows how the engine wants its arguments, and which kind of call keeps
 * gradients.
 *
 * <p>A program is a class in a {@link ScriptSource}; numbers that are known before it runs are the attributes of that class,
 * constant tensors and objects of other classes among them. Instances are not thread safe; every replica loads its own.
 *
 * <p>There are two kinds of methods. Those that are {@link #call called} take tensors, lists and dicts of them, and nothing else:
 * the engine has no other arguments for what may be recorded for backpropagation. They return a tensor or a list of tensors, be it
 * an empty one, since it has nothing for None. Those that {@link #update} or {@link #measure} take numbers too, and nothing of theirs
 * is ever recorded.
 */
public final class TorchProgram implements AutoCloseable {

    private static final String METHOD_MARK = "module_method:";

    private final NDManager manager;
    private final PtSymbolBlock block;
    /** The engine takes the method's name from the name of an array, which is no argument. */
    private final NDArray mark;

    private TorchProgram(NDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
        mark = NativeScope.keep(manager.create(0f));
    }

    /**
     * Loads a program.
     *
     * @param parent     what the program's device is taken from, and who closes it at the latest
     * @param source     defines a class {@code className}
     * @param className  the class whose methods are to be called
     * @param attributes values of the class's attributes (Boolean, Integer, Double, String, HostTensor, ScriptObject, lists and maps),
     *                   without {@code training}
     */
    public static TorchProgram load(NDManager parent, ScriptSource source, String className, Map<String, ?> attributes) {
        NDManager manager = parent.newSubManager();
        Map<String, Object> all = new LinkedHashMap<>(attributes);
        all.put("training", true);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            ScriptArchive.write(Channels.newChannel(archive), source, new ScriptObject(ScriptArchive.NAMESPACE + className, all));
            PtSymbolBlock block = (PtSymbolBlock)
                    JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive.toByteArray()), true, false);
            return new TorchProgram(manager, block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Calls a method that returns a tensor. Recorded for backpropagation when the thread's {@link NativeScope} records; the result is an
     * ordinary tensor either way, dies with that scope, and belongs to the manager of the first argument.
     *
     * @param arguments in the order of the method's parameters: NDArray for Tensor, List of NDArray for {@code List[Tensor]}, Map of String
     *                  and NDArray for {@code Dict[str, Tensor]}; lists and maps are not empty
     */
    public NDArray call(String method, Object... arguments) {
        return run(method, arguments).singletonOrThrow();
    }

    /** Calls a method that returns a list of tensors, an empty one if it is called for what it does; otherwise the same. */
    public List<NDArray> callForList(String method, Object... arguments) {
        return run(method, arguments);
    }

    private NDList run(String method, Object[] arguments) {
        NDList inputs = new NDList();
        try {
            for (int i = 0; i < arguments.length; i++) {
                add(arguments[i], i, inputs);
            }
            mark.setName(METHOD_MARK + method);
            inputs.add(mark);
            // "true" stands for "not in inference mode": outputs of inference mode cannot take part in a later loss.
            return IValueUtils.forward(block, inputs, true);
        } finally {
            inputs.forEach(input -> input.setName(null));
        }
    }

    /** The engine tells by the names of arrays what they are: {@code NAME[]} an element of a list, {@code NAME.KEY} of a dict. */
    private static void add(Object argument, int position, NDList inputs) {
        int before = inputs.size();
        if (argument instanceof NDArray array) {
            add(array, null, inputs);
        } else if (argument instanceof List<?> list) {
            list.forEach(element -> add((NDArray) element, "list" + position + "[]", inputs));
        } else if (argument instanceof Map<?, ?> map) {
            map.forEach((key, element) -> add((NDArray) element, "dict" + position + "." + key, inputs));
        } else {
            throw new IllegalArgumentException("Not an argument of a recorded method: " + argument);
        }
        if (inputs.size() == before) {
            throw new IllegalArgumentException("The engine cannot pass an empty " + (argument instanceof Map ? "dict" : "list"));
        }
    }

    private static void add(NDArray array, String name, NDList inputs) {
        if (!Objects.equals(array.getName(), name) && inputs.stream().anyMatch(other -> other == array)) {
            throw new IllegalArgumentException("An array cannot be an element of one argument and also another");
        }
        array.setName(name);
        inputs.add(array);
    }

    /**
     * Calls a method that changes tensors in place and returns nothing, without gradients.
     *
     * @param arguments lists of arrays, arrays, Double, Long or Boolean, in the order of the method's parameters
     */
    public void update(String method, Object... arguments) {
        unrecorded(method, arguments).close();
    }

    /** Calls a method that returns a float, without gradients; otherwise the same. */
    public double measure(String method, Object... arguments) {
        try (IValue result = unrecorded(method, arguments)) {
            return result.toDouble();
        }
    }

    private IValue unrecorded(String method, Object[] arguments) {
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(arguments[i]);
            }
            return IValueUtils.runMethod(block, method, values);
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        if (argument instanceof List<?> list) {
            return IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
        }
        if (argument instanceof PtNDArray array) {
            return IValue.from(array);
        }
        if (argument instanceof Double number) {
            return IValue.from(number);
        }
        if (argument instanceof Long number) {
            return IValue.from(number);
        }
        if (argument instanceof Boolean bool) {
            return IValue.from(bool);
        }
        throw new IllegalArgumentException("Not an argument of a TorchScript method: " + argument);
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }
}

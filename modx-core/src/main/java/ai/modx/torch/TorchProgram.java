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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A TorchScript program written by hand and run by libtorch: the one class that knows how the engine wants its arguments, and
 * which kind of call keeps gradients.
 *
 * <p>A program is a resource in serialized TorchScript with one class; numbers that are known before it runs are the
 * attributes of that class, constant tensors and objects of other classes among them. Instances are not thread safe; every replica
 * loads its own.
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
     * Loads the program of a resource file.
     *
     * @param parent     what the program's device is taken from, and who closes it at the latest
     * @param owner      the class beside which the resource lies
     * @param resource   its name; the source defines a class {@code className}
     * @param className  the class whose methods are to be called
     * @param attributes values of the class's attributes (Boolean, Integer, Double, String, HostTensor, ScriptObject, lists and maps),
     *                   without {@code training}
     */
    public static TorchProgram load(
            NDManager parent, Class<?> owner, String resource, String className, Map<String, ?> attributes) {
        NDManager manager = parent.newSubManager();
        Map<String, Object> all = new LinkedHashMap<>(attributes);
        all.put("training", true);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            ScriptArchive.write(Channels.newChannel(archive), source(owner, resource), new ScriptObject(ScriptArchive.NAMESPACE + className, all));
            PtSymbolBlock block = (PtSymbolBlock)
                    JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive.toByteArray()), true, false);
            return new TorchProgram(manager, block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Names a parameter the way {@link #call} needs it: the engine passes arrays called {@code p.KEY} as the
     * {@code Dict[str, Tensor]} named p.
     */
    public static void nameAsParameter(NDArray array, String key) {
        array.setName("p." + key);
    }

    /**
     * Calls {@code method(input: Tensor, p: Dict[str, Tensor]) -> Tensor}, where p is left out if there are no parameters. Recorded for
     * backpropagation when the thread's {@link NativeScope} records; the result is an ordinary tensor either way and dies with that scope.
     *
     * @param input      an array without a name
     * @param parameters arrays named by {@link #nameAsParameter}
     */
    public NDArray call(String method, NDArray input, Iterable<NDArray> parameters) {
        if (input.getName() != null) {
            throw new IllegalArgumentException("A parameter cannot be the input too: " + input.getName());
        }
        return call(method, new NDList(input), parameters).singletonOrThrow();
    }

    /**
     * Calls {@code method(inputs: List[Tensor], p: Dict[str, Tensor]) -> List[Tensor]}; otherwise the same.
     *
     * @param inputs they are renamed
     */
    public List<NDArray> call(String method, List<NDArray> inputs, Iterable<NDArray> parameters) {
        inputs.forEach(input -> input.setName("inputs[]"));
        return call(method, new NDList(inputs), parameters);
    }

    private NDList call(String method, NDList arguments, Iterable<NDArray> parameters) {
        parameters.forEach(arguments::add);
        mark.setName(METHOD_MARK + method);
        arguments.add(mark);
        // "true" stands for "not in inference mode": outputs of inference mode cannot take part in a later loss.
        return IValueUtils.forward(block, arguments, true);
    }

    /**
     * Calls a method that changes tensors in place, without gradients.
     *
     * @param arguments lists of arrays, arrays, Double, Long or Boolean, in the order of the method's parameters
     * @return what the method returns, as a double: methods that return nothing of interest return 0
     */
    public double update(String method, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(arguments[i]);
            }
            try (IValue result = IValueUtils.runMethod(block, method, values)) {
                return result.isDouble() ? result.toDouble() : result.toLong();
            }
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

    /** The text of a program: what all programs share, and a resource file. */
    public static String source(Class<?> owner, String resource) {
        return text(TorchProgram.class, "products.torchscript.py") + "\n" + text(owner, resource);
    }

    /** The text of a resource file. */
    public static String text(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + resource + " beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

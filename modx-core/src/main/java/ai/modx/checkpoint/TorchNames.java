package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names that tensors, state dicts and TorchScript modules need, and all others that {@code torch.load} takes with
 * {@code weights_only=True}. Every other name is refused.
 */
final class TorchNames implements PickleNames {

    private record Name(String module, String member) {

        /** Python 2 called the module of its built-in functions otherwise, and so does pickle's protocol 2. */
        static Name of(String module, String member) {
            return new Name(module.equals("__builtin__") ? "builtins" : module, member);
        }

        String qualified() {
            return module + "." + member;
        }
    }

    private static final String SCRIPT_PREFIX = "__torch__";
    private static final String SCRIPT_PICKLE = "torch.jit._pickle";
    private static final String REBUILD = "torch._utils._rebuild_";
    private static final Set<String> FUNCTIONS = Set.of("collections.OrderedDict", "collections.Counter", "builtins.set", "builtins.frozenset",
            "builtins.bytes", "builtins.bytearray", "builtins.complex", "_codecs.encode", "torch.Size", "torch.Tensor", "torch.device",
            "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer", "torch.serialization._get_layout", "torch._tensor._rebuild_from_type_v2",
            REBUILD + "tensor", REBUILD + "tensor_v2", REBUILD + "tensor_v3", REBUILD + "parameter", REBUILD + "parameter_with_state", REBUILD + "qtensor",
            REBUILD + "sparse_tensor", REBUILD + "nested_tensor", REBUILD + "meta_tensor_no_storage", REBUILD + "wrapper_subclass",
            REBUILD + "device_tensor_from_cpu_tensor", REBUILD + "device_tensor_from_numpy", SCRIPT_PICKLE + ".build_intlist",
            SCRIPT_PICKLE + ".build_doublelist", SCRIPT_PICKLE + ".build_boollist", SCRIPT_PICKLE + ".build_tensorlist", SCRIPT_PICKLE + ".restore_type_tag");
    /** Element types, ways of quantisation, classes of tensors. */
    private static final Pattern CONSTANTS = Pattern.compile("torch\\.(bool|b?float\\d+\\w*|u?int\\d+|complex\\d+|q?u?int\\dx\\d|qu?int\\d+|bits\\w+"
            + "|per_(tensor|channel)_(affine|symmetric|affine_float_qparams))|torch(\\.cuda)?(\\.sparse)?\\.[A-Z]\\w*Tensor");
    private static final Pattern STORAGES = Pattern.compile("torch(\\.cuda|\\.storage)?\\.(\\w*Storage)");

    private final TensorStore tensors;

    TorchNames(TensorStore tensors) {
        this.tensors = tensors;
    }

    @Override
    public Object global(String module, String member) {
        Name name = Name.of(module, member);
        if (FUNCTIONS.contains(name.qualified()) || isScriptClass(name)) {
            return name;
        }
        Matcher storage = STORAGES.matcher(name.qualified());
        if (storage.matches()) {
            return storageType(storage.group(2)).map(Object.class::cast).orElseGet(() -> new Unread("a tensor of " + name.qualified()));
        }
        if (CONSTANTS.matcher(name.qualified()).matches()) {
            return name.qualified();
        }
        throw new FormatException("its pickle asks for '" + module + "." + member + "', which no checkpoint needs; it may be malicious, and nothing of it was"
                + " executed. If you trust the file, load it in Python and save its state dict alone");
    }

    private static boolean isScriptClass(Name name) {
        return name.module.equals(SCRIPT_PREFIX) || name.module.startsWith(SCRIPT_PREFIX + ".");
    }

    private static Optional<ElementType> storageType(String storage) {
        return Stream.of(ElementType.values()).filter(type -> storage.equals(type.torchStorage())).findFirst();
    }

    @Override
    public Object call(Object callable, Tuple arguments) {
        if (!(callable instanceof Name name)) {
            throw new FormatException("its pickle calls something that is not a function");
        }
        if (isScriptClass(name)) {
            return new ScriptObject(name.qualified(), new LinkedHashMap<>());
        }
        List<Object> given = arguments.items();
        return switch (name.qualified()) {
            case "collections.OrderedDict" -> orderedDict(given);
            case "collections.Counter" -> given.isEmpty() ? new LinkedHashMap<>() : new LinkedHashMap<>(argument(given, 0, Map.class));
            case "builtins.set", "builtins.frozenset" -> given.isEmpty() ? new ArrayList<>() : new ArrayList<>(argument(given, 0, List.class));
            case "builtins.bytes", "builtins.bytearray" -> given.isEmpty() || !(given.get(0) instanceof String text) ? new byte[0] : latin(text);
            case "_codecs.encode" -> latin(argument(given, 0, String.class));
            case "builtins.complex" -> new Unread("a complex number");
            case "torch.Size" -> argument(given, 0, Tuple.class);
            case REBUILD + "tensor", REBUILD + "tensor_v2", REBUILD + "tensor_v3" -> tensor(given);
            case REBUILD + "qtensor" -> new Unread("a quantised tensor");
            case REBUILD + "sparse_tensor" -> new Unread("a sparse tensor");
            case REBUILD + "nested_tensor", "torch.Tensor" -> new Unread("a tensor that is not stored as usual");
            case REBUILD + "meta_tensor_no_storage", REBUILD + "wrapper_subclass" -> new Unread("a tensor without elements");
            case "torch._tensor._rebuild_from_type_v2" -> ofSubclass(name, given);
            default -> argument(given, 0, Object.class); // parameter, device, typed lists: the value itself says enough
        };
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A tensor that has attributes, or a class of its own: only what it is made of counts. */
    private Object ofSubclass(Name name, List<Object> given) {
        if (name.equals(given.get(0))) {
            throw new FormatException("its pickle makes one kind of tensor of itself");
        }
        return call(given.get(0), argument(given, 2, Tuple.class));
    }

    /** Python 3 calls it without arguments and sets the items after; Python 2 passes a list of pairs. */
    private static Map<Object, Object> orderedDict(List<Object> given) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object pair : given.isEmpty() ? List.of() : argument(given, 0, List.class)) {
            if (!(pair instanceof List<?> entry) || entry.size() != 2 || !(entry.get(0) instanceof String key)) {
                throw new FormatException("its pickle has an OrderedDict that is not made of pairs");
            }
            map.put(key, entry.get(1));
        }
        return map;
    }

    private Object tensor(List<Object> given) {
        if (!given.isEmpty() && given.get(0) instanceof Unread tensor) {
            return tensor;
        }
        return tensors.view(argument(given, 0, StorageRef.class), argument(given, 1, Long.class),
                numbers(argument(given, 2, Tuple.class)), numbers(argument(given, 3, Tuple.class)));
    }

    @Override
    public Object persistent(Object id) {
        if (!(id instanceof Tuple tuple) || tuple.items().isEmpty() || !"storage".equals(tuple.items().get(0))) {
            throw new FormatException("its pickle refers to something outside that is not a tensor's storage");
        }
        List<Object> given = tuple.items();
        if (given.size() > 5 && given.get(5) != null) {
            throw new FormatException("it has views of storages, as torch wrote before version 0.4; save it again with a newer torch");
        }
        if (argument(given, 1, Object.class) instanceof Unread tensor) {
            return tensor;
        }
        StorageRef storage = new StorageRef(argument(given, 1, ElementType.class), argument(given, 2, String.class),
                argument(given, 4, Long.class));
        tensors.found(storage);
        return storage;
    }

    private static long[] numbers(Tuple tuple) {
        long[] numbers = new long[tuple.items().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = argument(tuple.items(), i, Long.class);
        }
        return numbers;
    }

    private static <T> T argument(List<Object> given, int index, Class<T> type) {
        if (index >= given.size() || !type.isInstance(given.get(index))) {
            throw new FormatException("its pickle describes a tensor or container with a " + type.getSimpleName()
                    + " missing; the file is damaged");
        }
        return type.cast(given.get(index));
    }
}

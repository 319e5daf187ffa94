package ai.modx.checkpoint;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The few names that tensors, state dicts and TorchScript modules need. Every other name is refused. */
final class TorchNames implements PickleNames {

    private record Name(String module, String member) {
        String qualified() {
            return module + "." + member;
        }
    }

    private static final String SCRIPT_PREFIX = "__torch__";
    private static final String SCRIPT_PICKLE = "torch.jit._pickle";
    private static final Set<String> FUNCTIONS = Set.of("collections.OrderedDict", "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
            "torch.Size", "torch.device", "_codecs.encode", SCRIPT_PICKLE + ".build_intlist", SCRIPT_PICKLE + ".build_doublelist",
            SCRIPT_PICKLE + ".build_boollist", SCRIPT_PICKLE + ".build_tensorlist", SCRIPT_PICKLE + ".restore_type_tag");
    private static final Set<String> DTYPES = Set.of("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16",
            "int8", "uint8", "bool");

    private final TensorStore tensors;

    TorchNames(TensorStore tensors) {
        this.tensors = tensors;
    }

    @Override
    public Object global(String module, String member) {
        Name name = new Name(module, member);
        if (FUNCTIONS.contains(name.qualified()) || isScriptClass(name)) {
            return name;
        }
        if (module.equals("torch") && DTYPES.contains(member)) {
            return name.qualified();
        }
        return storageType(name).map(Object.class::cast).orElseThrow(() -> new FormatException(refusal(name)));
    }

    private static String refusal(Name name) {
        if (name.module.equals("torch") && name.member.endsWith("Storage")) {
            return "it has tensors of the type '" + name.qualified() + "', which is not supported";
        }
        return "its pickle asks for '" + name.qualified() + "', which no checkpoint needs; it may be malicious, and nothing of it was"
                + " executed. If you trust the file, load it in Python and save its state dict alone";
    }

    private static boolean isScriptClass(Name name) {
        return name.module.equals(SCRIPT_PREFIX) || name.module.startsWith(SCRIPT_PREFIX + ".");
    }

    private static Optional<ElementType> storageType(Name name) {
        return Stream.of(ElementType.values())
                .filter(type -> name.module.equals("torch") && name.member.equals(type.torchStorage()))
                .findFirst();
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
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(given);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                    argument(given, 0, HostTensor.class);
            case "torch.Size" -> argument(given, 0, Tuple.class);
            case "_codecs.encode" -> argument(given, 0, String.class).getBytes(StandardCharsets.ISO_8859_1);
            default -> argument(given, 0, Object.class); // device, typed lists: the value itself says enough
        };
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

    private HostTensor tensor(List<Object> given) {
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

package ai.modx.checkpoint;

import ai.modx.torch.ScriptObject;
import ai.modx.torch.Tuple;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickles that torch writes (protocols 2 to 5) into a tree of plain values and executes nothing: names get their
 * meaning from {@link PickleNames}. Every length is checked against the bytes that are there before anything is allocated,
 * and no step recurses, so neither a lying length nor deep nesting can exhaust memory or stack.
 *
 * <p>Python values become {@code null}, {@link Boolean}, {@link Long}, {@link BigInteger}, {@link Double}, {@link String},
 * {@code byte[]}, {@link ArrayList} (sets too), {@link Tuple} and {@link LinkedHashMap}; what nothing needs becomes {@link Unread}.
 */
final class PickleReader {

    /** A pickle names tensors and holds no elements, so this is plenty. */
    static final int MAX_BYTES = 64 << 20;

    /** Each operation makes at most one small object, so this bounds time and memory; a checkpoint of ViT-L/14 has 60,000. */
    private static final int MAX_OPERATIONS = 2_000_000;

    /** Tuples in a key, one in another. */
    private static final int MAX_KEY_DEPTH = 16;

    private final PickleInput in;
    private final PickleNames names;
    private final Map<Integer, Object> memo = new HashMap<>();
    private final List<List<Object>> outerStacks = new ArrayList<>();
    private List<Object> stack = new ArrayList<>();
    private long operations;

    /** Reads from the buffer's position; afterwards the buffer stands behind the pickle. */
    PickleReader(ByteBuffer in, PickleNames names) {
        this.in = new PickleInput(in);
        this.names = names;
    }

    /**
     * The object that the pickle describes.
     *
     * @throws FormatException if it is damaged, asks for an unknown name or is too large
     */
    Object read() {
        if (in.left() > MAX_BYTES) {
            throw new FormatException("the pickle has " + in.left() + " bytes; at most " + MAX_BYTES + " are supported");
        }
        try {
            for (int op = in.uint8(); op != '.'; op = in.uint8()) {
                charge(1);
                execute(op);
            }
            return pop();
        } catch (BufferUnderflowException e) {
            throw new FormatException("the pickle ends in the middle; the file is cut off or damaged");
        }
    }

    /** What copies counts as much as it copies, since a value that was given once can be copied very often. */
    private void charge(int cost) {
        operations += cost;
        if (operations > MAX_OPERATIONS) {
            throw new FormatException("the pickle has more than " + MAX_OPERATIONS + " operations, far more than a checkpoint needs");
        }
    }

    private void execute(int op) {
        switch (op) {
            case 0x80 -> protocol();
            case 0x95 -> in.length(in.int64()); // FRAME: only a hint for buffered reading
            case '(' -> mark();
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) in.uint8());
            case 'M' -> push((long) in.uint16());
            case 'J' -> push((long) in.int32());
            case 0x8a -> push(in.integer(in.uint8()));
            case 0x8b -> push(in.integer(in.int32()));
            case 'G' -> push(in.real());
            case 'X' -> push(in.text(in.uint32(), StandardCharsets.UTF_8));
            case 0x8c -> push(in.text(in.uint8(), StandardCharsets.UTF_8));
            case 0x8d -> push(in.text(in.int64(), StandardCharsets.UTF_8));
            case 'U' -> push(in.text(in.uint8(), StandardCharsets.ISO_8859_1)); // Python 2's str
            case 'T' -> push(in.text(in.int32(), StandardCharsets.ISO_8859_1));
            case 'C' -> push(in.bytes(in.uint8()));
            case 'B' -> push(in.bytes(in.uint32()));
            case 0x8e, 0x96 -> push(in.bytes(in.int64())); // a bytearray is as good as bytes
            case 'q' -> remember(in.uint8());
            case 'r' -> remember(in.int32());
            case 0x94 -> remember(memo.size());
            case 'h' -> recall(in.uint8());
            case 'j' -> recall(in.int32());
            default -> build(op);
        }
    }

    private void build(int op) {
        switch (op) {
            case '0' -> pop();
            case '1' -> sinceMark();
            case ']', 0x8f -> push(new ArrayList<>());
            case 'l', 0x91 -> push(sinceMark());
            case 'a' -> append(popped(1));
            case 'e', 0x90 -> append(sinceMark());
            case ')' -> push(Tuple.of());
            case 0x85 -> push(new Tuple(popped(1)));
            case 0x86 -> push(new Tuple(popped(2)));
            case 0x87 -> push(new Tuple(popped(3)));
            case 't' -> push(new Tuple(sinceMark()));
            case '}' -> push(new LinkedHashMap<>());
            case 'd' -> dict();
            case 's' -> put(popped(2));
            case 'u' -> put(sinceMark());
            case 'c' -> push(names.global(in.line(), in.line()));
            case 0x93 -> stackGlobal();
            case 'R', 0x81 -> call();
            case 'b' -> setState();
            case 'Q' -> push(names.persistent(pop()));
            default -> throw damaged("has an operation that torch does not write (0x" + Integer.toHexString(op) + ")");
        }
    }

    private void protocol() {
        int version = in.uint8();
        if (version < 2 || version > 5) {
            throw damaged("is of protocol " + version + "; 2 to 5 are supported");
        }
    }

    private void mark() {
        outerStacks.add(stack);
        stack = new ArrayList<>();
    }

    private List<Object> sinceMark() {
        if (outerStacks.isEmpty()) {
            throw damaged("closes a list that it did not open");
        }
        List<Object> items = stack;
        stack = outerStacks.remove(outerStacks.size() - 1);
        return items;
    }

    private List<Object> popped(int count) {
        if (stack.size() < count) {
            throw damaged("takes more values than it has given");
        }
        List<Object> last = stack.subList(stack.size() - count, stack.size());
        List<Object> items = new ArrayList<>(last);
        last.clear();
        return items;
    }

    private Object pop() {
        return popped(1).get(0);
    }

    private Object top() {
        if (stack.isEmpty()) {
            throw damaged("takes more values than it has given");
        }
        return stack.get(stack.size() - 1);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private void append(List<Object> items) {
        list(top()).addAll(items);
    }

    @SuppressWarnings("unchecked") // only this class makes ArrayLists, and all of Objects
    private List<Object> list(Object value) {
        if (value instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        throw damaged("appends to something that is not a list");
    }

    private void dict() {
        List<Object> items = sinceMark();
        push(new LinkedHashMap<>());
        put(items);
    }

    @SuppressWarnings("unchecked") // as for lists
    private void put(List<Object> keysAndValues) {
        if (!(top() instanceof LinkedHashMap<?, ?> map) || keysAndValues.size() % 2 != 0) {
            throw damaged("sets an item of something that is not a dict");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = key(keysAndValues.get(i), 0);
            if (map.containsKey(key)) {
                throw damaged("has the dict key '" + key + "' twice");
            }
            ((Map<Object, Object>) map).put(key, keysAndValues.get(i + 1));
        }
    }

    /** A key that can be looked for: texts, numbers and tuples of them; others, tensors say, only have to differ from all. */
    private Object key(Object key, int depth) {
        if (key instanceof Map || key instanceof List || depth > MAX_KEY_DEPTH) {
            throw damaged("has a dict key that no dict can have");
        }
        if (key instanceof Tuple tuple) { // its hash visits everything in it
            charge(tuple.items().size());
            tuple.items().forEach(item -> key(item, depth + 1));
            return key;
        }
        boolean plain = key == null || key instanceof String || key instanceof Number || key instanceof Boolean;
        return plain || depth > 0 ? key : new Unread("a key of another kind");
    }

    private void stackGlobal() {
        List<Object> name = popped(2);
        if (!(name.get(0) instanceof String module) || !(name.get(1) instanceof String member)) {
            throw damaged("has a name that is not text");
        }
        push(names.global(module, member));
    }

    private void call() {
        List<Object> call = popped(2);
        if (!(call.get(1) instanceof Tuple arguments)) {
            throw damaged("calls something without arguments");
        }
        arguments.items().forEach(argument -> charge(size(argument)));
        push(names.call(call.get(0), arguments));
    }

    private static int size(Object value) {
        if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Tuple tuple) {
            return tuple.items().size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        return value instanceof String text ? text.length() : 0;
    }

    /** Attributes of a module are kept; those of other objects, such as the {@code _metadata} of a state dict, are dropped. */
    private void setState() {
        Object state = pop();
        if (top() instanceof ScriptObject object && state instanceof LinkedHashMap<?, ?> attributes) {
            charge(attributes.size());
            attributes.forEach((name, value) -> object.attributes().put(String.valueOf(name), value));
        }
    }

    private void remember(int index) {
        memo.put(index, top());
    }

    private void recall(int index) {
        if (!memo.containsKey(index)) {
            throw damaged("refers to a value that it has not given");
        }
        push(memo.get(index));
    }

    private FormatException damaged(String what) {
        return in.damaged(what);
    }
}

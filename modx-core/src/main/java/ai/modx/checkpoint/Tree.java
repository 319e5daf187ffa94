package ai.modx.checkpoint;

import ai.modx.torch.HostTensor;
import ai.modx.torch.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value in a checkpoint together with its place, so that whoever expects something else there can say so. Values are asked
 * for by type; nothing needs a cast.
 */
public final class Tree {

    private final Path file;
    private final String place;
    private final Object value;

    /** @param place dotted path inside the file; empty for the root */
    Tree(Path file, String place, Object value) {
        this.file = file;
        this.place = place;
        this.value = value;
    }

    /** The entry of a dict. @throws CheckpointException if this is no dict or has no such entry */
    public Tree get(String key) {
        return find(key).orElseThrow(() -> new CheckpointException("Checkpoint " + file + " has no entry '" + child(key) + "'"));
    }

    /** The entry of a dict, if there is one and it is not None. */
    public Optional<Tree> find(String key) {
        return Optional.ofNullable(map().get(key)).map(item -> new Tree(file, child(key), item));
    }

    /** The entries of a dict in their order, under their keys as text. */
    public Map<String, Tree> asMap() {
        Map<String, Tree> entries = new LinkedHashMap<>();
        map().forEach((key, item) -> entries.put(String.valueOf(key), new Tree(file, child(String.valueOf(key)), item)));
        return entries;
    }

    /** The members of a list or tuple. */
    public List<Tree> asList() {
        List<?> items = value instanceof Tuple tuple ? tuple.items() : expect(List.class, "a list");
        List<Tree> members = new ArrayList<>();
        for (Object item : items) {
            members.add(new Tree(file, place + "[" + members.size() + "]", item));
        }
        return members;
    }

    /** A whole number, also one in a tensor of one element. */
    public long asLong() {
        if (value instanceof HostTensor tensor && tensor.numel() == 1) {
            double number = asDouble();
            if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
                return (long) number;
            }
        }
        return expect(Long.class, "a whole number");
    }

    /** A whole number of something: at least 0. */
    public long asCount() {
        long number = asLong();
        if (number < 0) {
            throw unexpected("a whole number of at least 0");
        }
        return number;
    }

    /** A count or an index that fits an int. */
    public int asIndex() {
        long number = asCount();
        if (number > Integer.MAX_VALUE) {
            throw unexpected("a whole number below 2^31");
        }
        return (int) number;
    }

    /** A number, also one in a tensor of one element. */
    public double asDouble() {
        if (value instanceof Long whole) {
            return whole;
        }
        if (value instanceof HostTensor tensor && tensor.numel() == 1) {
            return tensor.number(0);
        }
        return expect(Double.class, "a number");
    }

    public boolean asBoolean() {
        return expect(Boolean.class, "true or false");
    }

    public String asString() {
        return expect(String.class, "a text");
    }

    public HostTensor asTensor() {
        return expect(HostTensor.class, "a tensor");
    }

    public boolean isMap() {
        return value instanceof Map;
    }

    public boolean isList() {
        return value instanceof List || value instanceof Tuple;
    }

    public boolean isTensor() {
        return value instanceof HostTensor;
    }

    public boolean isText() {
        return value instanceof String;
    }

    /** All values in it that are not dicts, lists or tuples with something in them, by their dotted places. */
    Map<String, Tree> leaves() {
        Map<String, Tree> leaves = new LinkedHashMap<>();
        collect(leaves);
        return leaves;
    }

    private void collect(Map<String, Tree> leaves) {
        List<Tree> members = value instanceof Map ? List.copyOf(asMap().values())
                : isList() ? asList() : List.of();
        members.forEach(member -> member.collect(leaves));
        if (members.isEmpty()) {
            leaves.put(place, this);
        }
    }

    /** A plain value as one would write it; of others, their kind. */
    String literal() {
        return value instanceof String ? "'" + value + "'" : value instanceof Number || value instanceof Boolean ? value.toString() : kind();
    }

    /** What kind of value this is, for messages: {@code a dict of 4}, {@code a number}, ... */
    public String kind() {
        if (value == null) {
            return "None";
        } else if (value instanceof Map<?, ?> map) {
            return "a dict of " + map.size();
        } else if (value instanceof List<?> list) {
            return "a list of " + list.size();
        } else if (value instanceof Tuple tuple) {
            return "a tuple of " + tuple.items().size();
        } else if (value instanceof HostTensor) {
            return "a tensor";
        } else if (value instanceof String) {
            return "a text";
        } else if (value instanceof Boolean) {
            return "true or false";
        }
        return value instanceof Number ? "a number" : value instanceof Unread ? value.toString() : "a value of another kind";
    }

    /** An exception that names the file and this place. */
    public CheckpointException unexpected(String expected) {
        return new CheckpointException("Checkpoint " + file + " has " + kind() + " " + (place.isEmpty() ? "as a whole" : "at '" + place + "'")
                + " where " + expected + " is expected");
    }

    private Map<?, ?> map() {
        return expect(Map.class, "a dict");
    }

    private String child(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    private <T> T expect(Class<T> type, String what) {
        if (!type.isInstance(value)) {
            throw unexpected(what);
        }
        return type.cast(value);
    }
}

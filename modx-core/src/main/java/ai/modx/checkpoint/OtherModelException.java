package ai.modx.checkpoint;

import java.util.Map;

/** A checkpoint of another architecture than was expected. */
public final class OtherModelException extends CheckpointException {

    private final transient Map<String, long[]> shapes;

    /** @param shapes of all tensors of the checkpoint, by name */
    OtherModelException(String message, Map<String, long[]> shapes) {
        super(message);
        this.shapes = shapes;
    }

    /** Of all tensors of the checkpoint, by name; they tell which architecture it is of. */
    public Map<String, long[]> shapes() {
        return shapes;
    }
}

package ai.modx.checkpoint;

import ai.modx.torch.Tuple;

/**
 * What the names in a pickle stand for. A pickle can only build plain values; whatever else it asks for is decided here,
 * and an implementation throws {@link FormatException} for every name that it does not know.
 */
interface PickleNames {

    /** The meaning of {@code module.name}. */
    Object global(String module, String name);

    /** The result of calling what {@link #global} gave, or of making an instance of it. */
    Object call(Object callable, Tuple arguments);

    /** The object outside of the pickle that has this id. */
    Object persistent(Object id);
}

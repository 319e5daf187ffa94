package ai.modx.checkpoint;

import ai.modx.torch.ElementType;

/**
 * A storage as a pickle names it: the memory behind one or several tensors.
 *
 * @param type  element type
 * @param key   name of the storage inside the file
 * @param numel number of elements
 */
record StorageRef(ElementType type, String key, long numel) {

    /** Size in bytes, which a hostile file cannot make overflow. */
    long bytes() {
        if (numel < 0 || numel > Long.MAX_VALUE / Double.BYTES) {
            throw new FormatException("storage '" + key + "' claims " + numel + " elements");
        }
        return numel * type.bytes();
    }
}

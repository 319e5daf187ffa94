package ai.modx.torch;

/** The element types that a tensor in a file can have, with the names that torch and safetensors give them. */
public enum ElementType {
    FLOAT64(8, "F64", "DoubleStorage"),
    FLOAT32(4, "F32", "FloatStorage"),
    FLOAT16(2, "F16", "HalfStorage"),
    BFLOAT16(2, "BF16", "BFloat16Storage"),
    INT64(8, "I64", "LongStorage"),
    INT32(4, "I32", "IntStorage"),
    INT16(2, "I16", "ShortStorage"),
    INT8(1, "I8", "CharStorage"),
    UINT8(1, "U8", "ByteStorage"),
    BOOL(1, "BOOL", "BoolStorage");

    private final int bytes;
    private final String safetensorsName;
    private final String torchStorage;

    ElementType(int bytes, String safetensorsName, String torchStorage) {
        this.bytes = bytes;
        this.safetensorsName = safetensorsName;
        this.torchStorage = torchStorage;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether its numbers have a floating point; the others are whole. */
    public boolean isFloating() {
        return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
    }

    /** The name in a safetensors header, for example {@code F32}. */
    public String safetensorsName() {
        return safetensorsName;
    }

    /** The class name of torch's storage, for example {@code FloatStorage}. */
    public String torchStorage() {
        return torchStorage;
    }
}

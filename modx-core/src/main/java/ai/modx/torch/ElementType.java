package ai.modx.torch;

/** The element types that a tensor in a file can have, with the names that torch and safetensors give them. */
public enum ElementType {
    FLOAT64(8, "F64", "DoubleStorage", 7),
    FLOAT32(4, "F32", "FloatStorage", 6),
    FLOAT16(2, "F16", "HalfStorage", 5),
    BFLOAT16(2, "BF16", "BFloat16Storage", 15),
    INT64(8, "I64", "LongStorage", 4),
    INT32(4, "I32", "IntStorage", 3),
    INT16(2, "I16", "ShortStorage", 2),
    INT8(1, "I8", "CharStorage", 1),
    UINT8(1, "U8", "ByteStorage", 0),
    BOOL(1, "BOOL", "BoolStorage", 11);

    private final int bytes;
    private final String safetensorsName;
    private final String torchStorage;
    private final int torchNumber;

    ElementType(int bytes, String safetensorsName, String torchStorage, int torchNumber) {
        this.bytes = bytes;
        this.safetensorsName = safetensorsName;
        this.torchStorage = torchStorage;
        this.torchNumber = torchNumber;
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

    /** The number by which libtorch knows it, c10's {@code ScalarType}: what {@code torch.float32} is in TorchScript. */
    public int torchNumber() {
        return torchNumber;
    }
}

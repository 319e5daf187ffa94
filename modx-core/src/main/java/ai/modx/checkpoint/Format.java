package ai.modx.checkpoint;

/** The formats that checkpoints come in. They are told apart by content, never by the file's name. */
public enum Format {
    TORCH("torch (zip)"),
    TORCH_LEGACY("torch before 1.6"),
    TORCHSCRIPT("TorchScript archive"),
    SAFETENSORS("safetensors");

    private final String description;

    Format(String description) {
        this.description = description;
    }

    /** The name for people, for example {@code torch (zip)}. */
    public String description() {
        return description;
    }
}

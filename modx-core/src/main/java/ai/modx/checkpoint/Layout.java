package ai.modx.checkpoint;

import java.util.Locale;

/** The projects that a model can be written for, in the files that they load as they are. */
public enum Layout {
    /** An archive that {@code clip.load} takes, see {@link ExportFile}. */
    OPENAI(false),
    /** The dict that the Python release of Mod-X saves and loads. */
    ORIGINAL(false),
    /** The weights alone under OpenAI's names. */
    SAFETENSORS(false),
    /** A folder for {@code open_clip.create_model("local-dir:...")}. */
    OPEN_CLIP(true),
    /** A folder for {@code CLIPModel.from_pretrained} and {@code CLIPProcessor.from_pretrained}. */
    HUGGINGFACE(true);

    private final boolean folder;

    Layout(boolean folder) {
        this.folder = folder;
    }

    /** Whether it is a folder of files, rather than one file. */
    public boolean isFolder() {
        return folder;
    }

    /** Whether it has a place for the optimizer's state. */
    public boolean holdsOptimizer() {
        return this == ORIGINAL;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

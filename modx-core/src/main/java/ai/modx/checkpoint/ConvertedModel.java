package ai.modx.checkpoint;

import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.torch.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model on its way into the files of another project. Weights keep their element type, except in OpenAI's archive. */
public final class ConvertedModel {

    private static final int HEAD_WIDTH = 64;

    private final Checkpoint source;
    private final ModelConfig config;
    private final Map<String, HostTensor> model = new LinkedHashMap<>();

    /** @param source has the tensors of the architecture, see {@link Checkpoint#read(Path, ModelConfig, String)} */
    public ConvertedModel(Checkpoint source, ModelConfig config) {
        this.source = source;
        this.config = config;
        ClipParameters.of(config).forEach(spec -> model.put(spec.name(), source.model().get(spec.name())));
    }

    /**
     * Writes the model; each file is written whole or not at all, and in a folder the one without which nothing is loaded comes last.
     *
     * @param out           a file, or a folder that is made if need be
     * @param entries       what else the file is to say, where the layout has a place for it
     * @param withOptimizer whether AdamW's state goes along, where there is one and the layout holds it
     * @throws CheckpointException if the project cannot compute this architecture
     * @throws SaveException       if a file cannot be written
     */
    public void write(Layout to, Path out, Map<String, String> entries, boolean withOptimizer) {
        switch (to) {
            case OPENAI -> {
                requireOpenAiHeads();
                ExportFile.write(out, config, model);
            }
            case ORIGINAL -> TorchFile.write(out, CheckpointWriter.tree(new CheckpointContents(source.epoch().orElse(0),
                    source.globalStep().orElse(0), model, withOptimizer ? source.optimizer() : Optional.empty(), Map.copyOf(entries))));
            case SAFETENSORS -> {
                Map<String, String> metadata = new LinkedHashMap<>(entries);
                metadata.put("format", "pt");
                SafetensorsWriter.write(out, model, metadata);
            }
            case OPEN_CLIP -> new OpenClipFolder(config, model).write(made(out));
            case HUGGINGFACE -> {
                if (config.isResNet()) {
                    throw new CheckpointException(source.path() + " has a ResNet as its image tower, and Hugging Face's transformers have no CLIP with one. "
                            + "Convert it to openai, open_clip or safetensors");
                }
                new HuggingFaceFolder(config, model).write(made(out));
            }
        }
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw SaveException.ofFolder(folder, e);
        }
    }

    /** OpenAI's loader reads the number of heads off the widths. */
    private void requireOpenAiHeads() {
        if (config.transformerHeads() != config.transformerWidth() / HEAD_WIDTH) {
            throw new CheckpointException(source.path() + " has a text tower of width " + config.transformerWidth() + " with " + config.transformerHeads()
                    + " heads, for which OpenAI's loader would take " + config.transformerWidth() / HEAD_WIDTH + ". Convert it to another layout");
        }
    }
}

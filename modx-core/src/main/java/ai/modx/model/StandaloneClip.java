package ai.modx.model;

import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.LazyTensor;
import ai.modx.torch.ScriptArchive;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Map;

/**
 * CLIP as a TorchScript archive with its weights inside: {@code encode_image}, {@code encode_text} and {@code forward} for
 * {@code torch.jit.load}, DJL and C++. It computes in float32 with the program that training uses. Its {@code state_dict} has
 * OpenAI's names, so what takes OpenAI's archives takes it.
 */
public final class StandaloneClip {

    private StandaloneClip() {}

    /**
     * Writes an archive, loading one tensor at a time.
     *
     * @param out     where it goes; closed
     * @param pixels  what uint8 images are normalised with, and float32 ones have been
     * @param weights a tensor for every name of {@link ClipParameters#of}, of its shape; others are ignored
     */
    public static void write(WritableByteChannel out, ModelConfig config, PixelStatistics pixels, Map<String, ? extends TensorSource> weights)
            throws IOException {
        ScriptModules modules = new ScriptModules();
        for (ParameterSpec spec : ClipParameters.of(config)) {
            modules.add(spec, float32(spec, weights.get(spec.name())));
        }
        modules.attribute("input_resolution", scalar(config.imageResolution()));
        modules.attribute("context_length", scalar(config.contextLength()));
        modules.attribute("vocab_size", scalar(config.vocabSize()));
        modules.attribute("resnet", config.isResNet());
        modules.attribute("vision_heads", config.visionHeads());
        modules.attribute("text_heads", config.transformerHeads());
        modules.attribute("mean", HostTensor.of(pixels.mean(), 3));
        modules.attribute("std", HostTensor.of(pixels.std(), 3));
        ScriptSource source = ScriptSource.of(StandaloneClip.class, "clip.py", "clip_fast.py", "standalone.py").and(modules.classes());
        ScriptArchive.write(out, source, modules.root("StandaloneClip"));
    }

    private static TensorSource float32(ParameterSpec spec, TensorSource value) {
        if (value == null || HostTensor.numel(value.shape()) != spec.numel()) {
            throw new IllegalArgumentException("No fitting value for " + spec.name());
        }
        return spec.kind() == ParameterSpec.Kind.COUNTER ? value
                : new LazyTensor(ElementType.FLOAT32, value.shape(), () -> value.load().toFloat32());
    }

    private static HostTensor scalar(long value) {
        return new HostTensor(ElementType.INT64, new long[0], ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value));
    }
}

package ai.modx.model;

import ai.modx.model.InitialValue.Constant;
import ai.modx.model.InitialValue.Normal;
import ai.modx.model.InitialValue.Uniform;
import ai.modx.model.ParameterSpec.Kind;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Names, shapes and initial distributions of all tensors of a CLIP model, in the order of torch's {@code state_dict}:
 * a module's own tensors come before those of its children. Initial values follow OpenAI's {@code CLIP.__init__}, and
 * torch's defaults where that leaves them.
 */
public final class ClipParameters {

    /** The logarithm of 1 / 0.07, CLIP's initial inverse temperature. */
    private static final float INITIAL_LOGIT_SCALE = (float) Math.log(1 / 0.07);

    private final List<ParameterSpec> specs = new ArrayList<>();

    private ClipParameters(ModelConfig config) {
        long width = config.transformerWidth();
        add("positional_embedding", new Normal(0.01), config.contextLength(), width);
        add("text_projection", new Normal(Math.pow(width, -0.5)), width, config.embedDim());
        add("logit_scale", new Constant(INITIAL_LOGIT_SCALE));
        if (config.isResNet()) {
            modifiedResNet(config);
        } else {
            visionTransformer(config);
        }
        double attention = Math.pow(width, -0.5);
        double residual = attention * Math.pow(2.0 * config.transformerLayers(), -0.5);
        for (int i = 0; i < config.transformerLayers(); i++) {
            residualBlock("transformer.resblocks." + i, width, new Normal(attention), new Normal(residual),
                    new Normal(Math.pow(2.0 * width, -0.5)), new Normal(residual));
        }
        add("token_embedding.weight", new Normal(0.02), config.vocabSize(), width);
        norm("ln_final", width);
    }

    /** The tensors of a model, in {@code state_dict} order. */
    public static List<ParameterSpec> of(ModelConfig config) {
        return List.copyOf(new ClipParameters(config).specs);
    }

    /** Number of trainable values of a model. */
    public static long count(ModelConfig config) {
        return of(config).stream().filter(ParameterSpec::isTrainable).mapToLong(ParameterSpec::numel).sum();
    }

    /**
     * The state of a fresh model. Every tensor draws from a generator of its own, seeded by the seed and its position,
     * so the values depend on nothing else.
     */
    public static Map<String, HostTensor> initialState(ModelConfig config, long seed) {
        Map<String, HostTensor> state = new LinkedHashMap<>();
        RandomGenerator seeds = generator(seed);
        for (ParameterSpec spec : of(config)) {
            state.put(spec.name(), draw(spec, generator(seeds.nextLong())));
        }
        return state;
    }

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static HostTensor draw(ParameterSpec spec, RandomGenerator random) {
        boolean counter = spec.kind() == Kind.COUNTER;
        ElementType type = counter ? ElementType.INT64 : ElementType.FLOAT32;
        ByteBuffer data = ByteBuffer.allocateDirect(Math.toIntExact(spec.numel() * type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        while (!counter && data.hasRemaining()) {
            data.putFloat(spec.initial().next(random));
        }
        return new HostTensor(type, spec.shape(), data.rewind());
    }

    // ---- vision -----------------------------------------------------------------------------------------------------

    private void visionTransformer(ModelConfig config) {
        long width = config.visionWidth();
        long patch = config.visionPatchSize();
        long grid = config.visionGrid();
        InitialValue scaled = new Normal(Math.pow(width, -0.5));
        add("visual.class_embedding", scaled, width);
        add("visual.positional_embedding", scaled, grid * grid + 1, width);
        add("visual.proj", scaled, width, config.embedDim());
        add("visual.conv1.weight", InitialValue.torchDefault(3 * patch * patch), width, 3, patch, patch);
        norm("visual.ln_pre", width);
        // The original leaves these to torch: xavier_uniform_ for the stacked (3D, D) projection.
        InitialValue stacked = new Uniform(Math.sqrt(6.0 / (4 * width)));
        for (int i = 0; i < config.visionLayers().get(0); i++) {
            residualBlock("visual.transformer.resblocks." + i, width, stacked, InitialValue.torchDefault(width),
                    InitialValue.torchDefault(width), InitialValue.torchDefault(4 * width));
        }
        norm("visual.ln_post", width);
    }

    private void modifiedResNet(ModelConfig config) {
        long width = config.visionWidth();
        convNorm("visual", "conv1", "bn1", 3, width / 2, 3, 1);
        convNorm("visual", "conv2", "bn2", width / 2, width / 2, 3, 1);
        convNorm("visual", "conv3", "bn3", width / 2, width, 3, 1);
        long in = width;
        for (int layer = 0; layer < 4; layer++) {
            long planes = width << layer;
            for (int i = 0; i < config.visionLayers().get(layer); i++) {
                in = bottleneck("visual.layer" + (layer + 1) + "." + i, in, planes, layer > 0 && i == 0);
            }
        }
        long side = config.visionGrid();
        attentionPool("visual.attnpool", side * side, in, config.embedDim());
    }

    private long bottleneck(String block, long in, long planes, boolean strided) {
        long out = 4 * planes;
        convNorm(block, "conv1", "bn1", in, planes, 1, 1);
        convNorm(block, "conv2", "bn2", planes, planes, 3, 1);
        convNorm(block, "conv3", "bn3", planes, out, 1, 0); // a fresh block adds nothing to its shortcut
        if (strided || in != out) {
            convNorm(block + ".downsample", "0", "1", in, out, 1, 1);
        }
        return out;
    }

    private void convNorm(String block, String conv, String norm, long in, long out, long kernel, float gain) {
        add(block + "." + conv + ".weight", InitialValue.torchDefault(in * kernel * kernel), out, in, kernel, kernel);
        String name = block + "." + norm;
        add(name + ".weight", new Constant(gain), out);
        add(name + ".bias", new Constant(0), out);
        specs.add(new ParameterSpec(name + ".running_mean", new long[] {out}, new Constant(0), Kind.BUFFER));
        specs.add(new ParameterSpec(name + ".running_var", new long[] {out}, new Constant(1), Kind.BUFFER));
        specs.add(new ParameterSpec(name + ".num_batches_tracked", new long[0], new Constant(0), Kind.COUNTER));
    }

    private void attentionPool(String name, long positions, long width, long embedDim) {
        InitialValue scaled = new Normal(Math.pow(width, -0.5));
        InitialValue bias = InitialValue.torchDefault(width);
        add(name + ".positional_embedding", scaled, positions + 1, width);
        for (String projection : List.of(".k_proj", ".q_proj", ".v_proj")) {
            add(name + projection + ".weight", scaled, width, width);
            add(name + projection + ".bias", bias, width);
        }
        add(name + ".c_proj.weight", scaled, embedDim, width);
        add(name + ".c_proj.bias", bias, embedDim);
    }

    // ---- both towers ------------------------------------------------------------------------------------------------

    private void residualBlock(String block, long width, InitialValue inProj, InitialValue outProj, InitialValue fc, InitialValue proj) {
        add(block + ".attn.in_proj_weight", inProj, 3 * width, width);
        add(block + ".attn.in_proj_bias", new Constant(0), 3 * width);
        add(block + ".attn.out_proj.weight", outProj, width, width);
        add(block + ".attn.out_proj.bias", new Constant(0), width);
        norm(block + ".ln_1", width);
        add(block + ".mlp.c_fc.weight", fc, 4 * width, width);
        add(block + ".mlp.c_fc.bias", InitialValue.torchDefault(width), 4 * width);
        add(block + ".mlp.c_proj.weight", proj, width, 4 * width);
        add(block + ".mlp.c_proj.bias", InitialValue.torchDefault(4 * width), width);
        norm(block + ".ln_2", width);
    }

    private void norm(String name, long width) {
        add(name + ".weight", new Constant(1), width);
        add(name + ".bias", new Constant(0), width);
    }

    private void add(String name, InitialValue initial, long... shape) {
        specs.add(new ParameterSpec(name, shape, initial, Kind.PARAMETER));
    }
}

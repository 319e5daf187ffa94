package ai.modx.model;

import ai.modx.torch.HostTensor;
import java.util.regex.Pattern;

/**
 * One entry of CLIP's state_dict: a parameter, or a buffer of batch normalisation.
 *
 * @param name    OpenAI's name, the only one there is
 * @param shape   dimensions; empty for a scalar
 * @param initial distribution of the values of a fresh model
 * @param kind    trained, or kept beside
 */
public record ParameterSpec(String name, long[] shape, InitialValue initial, Kind kind) {

    private static final Pattern PRODUCTS = Pattern.compile(
            "\\.in_proj_(weight|bias)$|\\.out_proj\\.(weight|bias)$|\\.c_fc\\.weight$|\\.c_proj\\.weight$|\\.attnpool\\.._proj\\.(weight|bias)$"
                    + "|\\.conv\\d\\.weight$|\\.downsample\\.0\\.weight$|^visual\\.proj$|^text_projection$");

    /** What an entry is to the optimizer. */
    public enum Kind {
        /** float32, trained. */
        PARAMETER,
        /** float32, moved by batch normalisation. */
        BUFFER,
        /** int64, counts training batches. */
        COUNTER
    }

    public ParameterSpec {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    public long numel() {
        return HostTensor.numel(shape);
    }

    /** Whether it is part of a product, and so rounded to the precision of products. */
    boolean isOfProducts() {
        return PRODUCTS.matcher(name).find();
    }

    /** Whether QuickGELU's factor is moved to it, see {@code add_mlp} in {@code clip_fast.py}: in a normalisation layer. */
    boolean isScaledNorm() {
        return name.contains(".resblocks.") && name.contains(".ln_2.");
    }

    /** The same for the bias of a linear layer. */
    boolean isScaledBias() {
        return name.contains(".resblocks.") && (name.endsWith(".mlp.c_fc.bias") || name.endsWith(".mlp.c_proj.bias"));
    }

    public boolean isTrainable() {
        return kind == Kind.PARAMETER;
    }
}

package ai.modx.model;

import ai.modx.torch.HostTensor;

/**
 * One entry of CLIP's state_dict: a parameter, or a buffer of batch normalisation.
 *
 * @param name    OpenAI's name, the only one there is
 * @param shape   dimensions; empty for a scalar
 * @param initial distribution of the values of a fresh model
 * @param kind    trained, or kept beside
 */
public record ParameterSpec(String name, long[] shape, InitialValue initial, Kind kind) {

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

    public boolean isTrainable() {
        return kind == Kind.PARAMETER;
    }
}

package ai.modx.model;

import java.util.random.RandomGenerator;

/** How the values of a fresh parameter are distributed. */
public sealed interface InitialValue {

    /** The next value. */
    float next(RandomGenerator random);

    /** Every value the same. */
    record Constant(float value) implements InitialValue {
        @Override
        public float next(RandomGenerator random) {
            return value;
        }
    }

    /** Normal with mean 0. */
    record Normal(double std) implements InitialValue {
        @Override
        public float next(RandomGenerator random) {
            return (float) (std * random.nextGaussian());
        }
    }

    /** Uniform between -bound and bound. */
    record Uniform(double bound) implements InitialValue {
        @Override
        public float next(RandomGenerator random) {
            return (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    /**
     * What torch's Linear and Conv2d start from, weights and biases alike (kaiming_uniform_ with a = sqrt 5):
     * uniform within 1 / sqrt(fan-in).
     */
    static InitialValue torchDefault(long fanIn) {
        return new Uniform(1 / Math.sqrt(fanIn));
    }
}

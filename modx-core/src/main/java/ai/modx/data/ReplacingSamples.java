package ai.modx.data;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Samples of which those with a bad image are replaced. The replacement is the first good one of the indices that
 * {@link SplitMix}, keyed by ({@code 'B'}, seed, epoch, index), draws: a function of these and of the files alone, so that it is
 * the same for any number of workers and in a continued run.
 */
final class ReplacingSamples implements Samples {

    private static final long PURPOSE = 'B';

    private final Samples samples;
    private final long seed;
    private final int limit;
    private final BadImages met;

    /** @param limit when to give up: more bad images than that end the run */
    ReplacingSamples(Samples samples, long seed, int limit, BadImages met) {
        this.samples = samples;
        this.seed = seed;
        this.limit = limit;
        this.met = met;
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public int imageSide() {
        return samples.imageSide();
    }

    @Override
    public int contextLength() {
        return samples.contextLength();
    }

    @Override
    public String name(int index) {
        return samples.name(index);
    }

    @Override
    public Reader open() {
        Reader reader = samples.open();
        return new Reader() {
            @Override
            public Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row) {
                SplitMix random = SplitMix.of(PURPOSE, seed, epoch, index);
                Map<Integer, BadImageException> bad = new LinkedHashMap<>();
                int candidate = index;
                while (true) {
                    try {
                        reader.read(epoch, candidate, images, tokens, row);
                        return new Loaded(candidate, bad);
                    } catch (BadImageException e) {
                        if (!e.isLasting()) {
                            throw e;
                        }
                        bad.put(candidate, e);
                        if (bad.size() > limit) {
                            return new Loaded(candidate, bad); // whoever takes it throws
                        }
                        candidate = next(random, bad);
                    }
                }
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    private int next(SplitMix random, Map<Integer, BadImageException> bad) {
        if (bad.size() == size()) {
            throw new DataException("None of the " + size() + " images can be used. The first: " + bad.values().iterator().next().getMessage());
        }
        int index = random.below(size());
        while (bad.containsKey(index)) {
            index = random.below(size());
        }
        return index;
    }

    @Override
    public void taken(List<Loaded> rows) {
        rows.forEach(row -> met.add(row.bad()));
    }
}

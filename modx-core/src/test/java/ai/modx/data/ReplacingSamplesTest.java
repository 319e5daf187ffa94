package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sample replaces a bad one, and what is counted, on samples that are made up. */
class ReplacingSamplesTest {

    private static final int SIZE = 50;
    private static final int BATCH = 5;
    private static final int EPOCHS = 3;
    private static final long SEED = 7;

    /** What a loader gave: samples of each batch, and how many bad ones were met up to it. */
    private record Taken(List<List<Integer>> batches, List<Integer> counts) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void theReplacementHangsOnSeedEpochAndIndexAlone(int workers) {
        Set<Integer> bad = Set.of(3, 4, 17, 49);
        BadImages met = new BadImages(BadImagePolicy.skip(9), SEED, List.of());

        Taken taken = take(bad, met, workers);

        List<List<Integer>> expected = new ArrayList<>();
        requests().forEachRemaining(request -> expected.add(Arrays.stream(request.indices())
                .map(index -> bad.contains(index) ? replacement(bad, request.epoch(), index) : index).boxed().toList()));
        assertThat(taken.batches()).isEqualTo(expected);
        assertThat(taken.counts().subList(0, 10)).containsExactly(2, 2, 2, 3, 3, 3, 3, 3, 3, 4);
        assertThat(met.indices()).containsExactly(3, 4, 17, 49);
    }

    @Test
    void aContinuedRunCountsOn() {
        BadImages met = new BadImages(BadImagePolicy.skip(9), SEED, List.of(49, 17));
        assertThat(take(Set.of(3, 17, 49), met, 1).counts()).startsWith(3, 3).endsWith(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void moreBadImagesThanAllowedEndTheRunWhereTheyAreMet(int workers) {
        BadImages met = new BadImages(BadImagePolicy.skip(2), SEED, List.of());
        try (BatchLoader loader = loader(Set.of(1, 2, 31), met, workers)) {
            for (int batch = 0; batch < 6; batch++) {
                loader.next().close();
            }
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class)
                    .hasMessage("3 images that cannot be used were met, more than the 2 of --max_bad_images:\n  1.jpg is empty\n  2.jpg is empty\n"
                            + "  31.jpg is empty\n'modx check-data' lists all that is wrong with a data set. Repair it, or allow more");
            assertThat(loader.hasNext()).isFalse();
        }
    }

    @Test
    void aDataSetOfBadImagesAloneIsNotSearchedForEver() {
        Set<Integer> all = Set.copyOf(IntStream.range(0, SIZE).boxed().toList());
        try (BatchLoader loader = loader(all, new BadImages(BadImagePolicy.skip(1000), SEED, List.of()), 1)) {
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class)
                    .hasMessage("None of the 50 images can be used. The first: Image 0.jpg is empty. Replace it.");
        }
        try (BatchLoader loader = loader(all, new BadImages(BadImagePolicy.skip(10), SEED, List.of()), 1)) {
            assertThatThrownBy(loader::next).hasMessageStartingWith("11 images that cannot be used were met, more than the 10");
        }
    }

    @Test
    void whatTheDiskRefusesIsNotSkipped() {
        Samples unreadable = new Numbers(Set.of(0), Defect.UNREADABLE_IMAGE);
        BadImages met = new BadImages(BadImagePolicy.skip(10), SEED, List.of());
        try (BatchLoader loader = new BatchLoader(met.guard(unreadable), requests(), 1, 2)) {
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class).hasMessage("Image 0.jpg is empty. Replace it.");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aPolicyThatFailsEndsWithTheFirstBadImageAndSaysHowToGoOn(int workers) {
        BadImages none = new BadImages(BadImagePolicy.FAIL, SEED, List.of(7)); // met by a run that skipped and now does so no more
        try (BatchLoader loader = loader(Set.of(BATCH), none, workers)) {
            loader.next().close();
            assertThatThrownBy(loader::next).isInstanceOf(DataException.class)
                    .hasMessage("Image " + BATCH + ".jpg is empty. Replace it. Or train without such images: --on_bad_image skip");
        }
        assertThat(none.count()).isEmpty();
    }

    /** The rule in its plainest form. */
    private static int replacement(Set<Integer> bad, int epoch, int index) {
        SplitMix random = SplitMix.of('B', SEED, epoch, index);
        int drawn = random.below(SIZE);
        while (bad.contains(drawn)) {
            drawn = random.below(SIZE);
        }
        return drawn;
    }

    private static Taken take(Set<Integer> bad, BadImages met, int workers) {
        Taken taken = new Taken(new ArrayList<>(), new ArrayList<>());
        try (BatchLoader loader = loader(bad, met, workers)) {
            while (loader.hasNext()) {
                try (Batch batch = loader.next()) {
                    taken.batches().add(Arrays.stream(batch.indices()).boxed().toList());
                    taken.counts().add(met.count().orElseThrow());
                    ByteBuffer images = batch.images();
                    for (int index : batch.indices()) {
                        assertThat(images.get() & 0xff).isEqualTo(index);
                        images.position(images.position() + 2);
                    }
                }
            }
        }
        return taken;
    }

    private static BatchLoader loader(Set<Integer> bad, BadImages met, int workers) {
        return new BatchLoader(met.guard(new Numbers(bad, Defect.EMPTY_IMAGE)), requests(), workers, 2);
    }

    private static Iterator<BatchRequest> requests() {
        return IntStream.range(0, EPOCHS * SIZE / BATCH).mapToObj(batch -> {
            int first = batch * BATCH % SIZE;
            return new BatchRequest(batch * BATCH / SIZE, IntStream.range(first, first + BATCH).toArray());
        }).iterator();
    }

    /** Samples of one pixel that shows their number. */
    private record Numbers(Set<Integer> bad, Defect defect) implements Samples {

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public int imageSide() {
            return 1;
        }

        @Override
        public int contextLength() {
            return 0;
        }

        @Override
        public String name(int index) {
            return index + ".jpg";
        }

        @Override
        public Reader open() {
            return new Reader() {
                @Override
                public Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row) {
                    if (bad.contains(index)) {
                        throw new BadImageException(defect, Path.of(name(index)), "is empty", "Replace it.");
                    }
                    images.put(3 * row, (byte) index);
                    return Loaded.asked(index);
                }

                @Override
                public void close() {
                    // holds nothing
                }
            };
        }
    }
}

package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.Golden;
import ai.modx.torch.HostTensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetrievalMetricsTest {

    private static final RankCounter ONE_BLOCK = new RankCounter(Device.cpu(), Integer.MAX_VALUE, 0);

    /**
     * Three images with 2, 1 and 3 captions, the captions not sorted by image. Image features are the unit vectors, so
     * that the features of a caption are its scores with the three images.
     */
    private static final RetrievalFeatures BY_HAND = new RetrievalFeatures(
            HostTensor.of(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3),
            HostTensor.of(new float[] {
                .9f, .1f, .2f, // of image 0: found first
                .3f, .5f, .4f, // of image 2: image 1 comes before it
                .6f, .4f, .5f, // of image 1: last
                .8f, .7f, .0f, // of image 0: first
                .7f, .6f, .1f, // of image 2: last
                .1f, .2f, .3f  // of image 2: first
            }, 6, 3),
            new int[] {0, 2, 1, 0, 2, 2});

    @Test
    void threeImagesByHand() {
        // Scores of image 0: its captions .9 .8 lead: rank 0. Image 1: its caption .4 is behind .5 .7 .6: rank 3.
        // Image 2: its best caption .4 is behind .5 of image 1: rank 1.
        assertThat(ranks(BY_HAND, Direction.I2T)).containsExactly(0, 3, 1);
        assertThat(ranks(BY_HAND, Direction.T2I)).containsExactly(0, 1, 2, 0, 2, 0);

        RetrievalMetrics metrics = RetrievalMetrics.of(BY_HAND, Device.cpu());

        assertThat(metrics.i2t()).isEqualTo(new RankMetrics(100.0 / 3, 100, 100, 2, 4 / 3.0 + 1));
        assertThat(metrics.t2i()).isEqualTo(new RankMetrics(50, 100, 100, 1, 5 / 6.0 + 1)); // middle two 0 and 1
        assertThat(metrics.images()).isEqualTo(3);
        assertThat(metrics.captions()).isEqualTo(6);
        assertThat(metrics.rsum()).isCloseTo(100.0 / 3 + 200 + 250, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "related", "perfect", "two_per_image"})
    void equalsTheOriginal(String name) {
        JsonNode expected = Golden.json("retrieval/retrieval.json").get(name);
        RetrievalFeatures features = golden(name, expected);

        assertThat(ranks(features, Direction.I2T)).containsExactly(ints(expected.get("i2t_ranks")));
        assertThat(ranks(features, Direction.T2I)).containsExactly(ints(expected.get("t2i_ranks")));
        RetrievalMetrics metrics = RetrievalMetrics.of(features, Device.cpu());
        for (Direction direction : Direction.values()) {
            JsonNode numbers = expected.get(direction.key());
            RankMetrics found = metrics.direction(direction);
            for (Recall recall : Recall.values()) {
                assertThat(found.recall(recall)).isCloseTo(numbers.get(recall.key()).asDouble(), within(1e-9));
            }
            assertThat(found.medr()).isEqualTo(numbers.get("medr").asDouble());
            assertThat(found.meanr()).isCloseTo(numbers.get("meanr").asDouble(), within(1e-9));
        }
        assertThat(metrics.rsum()).isCloseTo(expected.get("rsum").asDouble(), within(1e-9));
    }

    @Test
    void aTieCountsAgainstTheModelWithinWhatASortMayGive() {
        JsonNode expected = Golden.json("retrieval/retrieval.json").get("ties");
        RetrievalFeatures features = golden("ties", expected);

        for (Direction direction : Direction.values()) {
            JsonNode ranges = expected.get(direction.key() + "_rank_range");
            int[] ranks = ranks(features, direction);
            for (int query = 0; query < ranks.length; query++) {
                assertThat(ranks[query]).isBetween(ranges.get(query).get(0).asInt(), ranges.get(query).get(1).asInt());
            }
        }
        int[] captionRanks = ranks(features, Direction.T2I);
        assertThat(captionRanks).containsExactly(worst(expected.get("t2i_rank_range")));
    }

    @Test
    void aModelThatGivesEverythingTheSameFeatureFindsNothing() {
        RetrievalFeatures collapsed = new RetrievalFeatures(constant(30, 1), constant(60, 1), IntStream.range(0, 60).map(i -> i / 2).toArray());

        RetrievalMetrics metrics = RetrievalMetrics.of(collapsed, Device.cpu());

        assertThat(metrics.rsum()).isZero();
        assertThat(metrics.i2t().medr()).isEqualTo(59);
        assertThat(metrics.t2i().medr()).isEqualTo(30);
    }

    @Test
    void featuresThatAreNoNumbersFindNothing() {
        RetrievalFeatures diverged = new RetrievalFeatures(constant(20, Float.NaN), constant(20, 1), IntStream.range(0, 20).toArray());

        assertThat(RetrievalMetrics.of(diverged, Device.cpu()).rsum()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "250, 0", "250, 1000", "777, 1000000", "4000, 4000", "20000, 1000000"})
    void blocksEqualOneBlock(int blockScores, long keptScores) {
        RetrievalFeatures features = related(50, 4, 16);
        RankCounter blocks = new RankCounter(Device.cpu(), blockScores, keptScores);

        assertThat(RetrievalMetrics.of(features, blocks)).isEqualTo(RetrievalMetrics.of(features, ONE_BLOCK));
    }

    @Test
    void bothDirectionsTogetherEqualEachByItself() {
        RetrievalFeatures features = small(related(600, 5, 16)); // captions in more than one part; many ties, all exact
        RankCounter.BothRanks both = new RankCounter(Device.cpu()).both(features);

        assertThat(both.i2t()).containsExactly(ranks(features, Direction.I2T));
        assertThat(both.t2i()).containsExactly(ranks(features, Direction.T2I));
    }

    @Test
    void foldsAreConsecutiveImagesWithTheirOwnCaptions() {
        RetrievalFeatures features = related(10, 3, 4);
        RankMetrics first = RetrievalMetrics.of(features.imageRange(0, 5), Device.cpu()).t2i();
        RankMetrics second = RetrievalMetrics.of(features.imageRange(5, 10), Device.cpu()).t2i();

        RetrievalMetrics mean = RetrievalMetrics.meanOfFolds(features, 2, Device.cpu());

        assertThat(mean.t2i().r1()).isCloseTo((first.r1() + second.r1()) / 2, within(1e-9));
        assertThat(mean.t2i().meanr()).isCloseTo((first.meanr() + second.meanr()) / 2, within(1e-9));
        assertThat(mean.images()).isEqualTo(10);
        assertThat(mean.captions()).isEqualTo(30);
        assertThatThrownBy(() -> RetrievalMetrics.meanOfFolds(features, 11, Device.cpu()))
                .hasMessage("10 images cannot be split into 11 folds");
    }

    @Test
    void everyImageOwnsACaption() {
        assertThatThrownBy(() -> new RetrievalFeatures(constant(3, 1), constant(2, 1), new int[] {0, 2}))
                .hasMessage("Image 1 owns no caption");
    }

    private static int[] ranks(RetrievalFeatures features, Direction direction) {
        return direction == Direction.I2T
                ? ONE_BLOCK.ranks(features.images(), features.captions(), features.captionsOfImages())
                : ONE_BLOCK.ranks(features.captions(), features.images(), Arrays.stream(features.owners()).mapToObj(owner -> new int[] {owner}).toArray(int[][]::new));
    }

    private static RetrievalFeatures golden(String name, JsonNode expected) {
        Map<String, HostTensor> tensors = Golden.tensors("retrieval/embeddings.safetensors");
        HostTensor captions = tensors.get(name + ".captions");
        int perImage = expected.get("captions_per_image").asInt();
        return new RetrievalFeatures(tensors.get(name + ".images"), captions,
                IntStream.range(0, (int) captions.shape()[0]).map(caption -> caption / perImage).toArray());
    }

    /** Images at random, captions that are noisy copies of them. */
    static RetrievalFeatures related(int images, int perImage, int width) {
        Random random = new Random(5);
        float[] rows = new float[images * width];
        float[] copies = new float[images * perImage * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < copies.length; i++) {
            copies[i] = rows[i / width / perImage * width + i % width] + 1.5f * (float) random.nextGaussian();
        }
        return new RetrievalFeatures(HostTensor.of(rows, images, width), HostTensor.of(copies, images * perImage, width),
                IntStream.range(0, images * perImage).map(caption -> caption / perImage).toArray());
    }

    /** The same in small integers. */
    private static RetrievalFeatures small(RetrievalFeatures features) {
        return new RetrievalFeatures(rounded(features.images()), rounded(features.captions()), features.owners());
    }

    private static HostTensor rounded(HostTensor tensor) {
        float[] values = tensor.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i]);
        }
        return HostTensor.of(values, tensor.shape());
    }

    private static HostTensor constant(int rows, float value) {
        float[] values = new float[rows * 4];
        Arrays.fill(values, value);
        return HostTensor.of(values, rows, 4);
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    private static int[] worst(JsonNode ranges) {
        return IntStream.range(0, ranges.size()).map(i -> ranges.get(i).get(1).asInt()).toArray();
    }
}

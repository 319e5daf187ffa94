package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.config.ConfigException;
import ai.modx.data.BatchRequest;
import ai.modx.data.EpochOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    /** 7 batches of 3, and one sample left out; 3 steps of 3, 3 and 1 batches. */
    private static final TrainingPlan PLAN = new TrainingPlan(22, 3, 3, 4);

    @Test
    void countsBatchesAndSteps() {
        assertThat(PLAN.batchesPerEpoch()).isEqualTo(7);
        assertThat(PLAN.stepsPerEpoch()).isEqualTo(3);
        assertThat(PLAN.totalSteps()).isEqualTo(12);
        assertThat(PLAN.epochOf(2)).isZero();
        assertThat(PLAN.epochOf(3)).isEqualTo(1);
    }

    @Test
    void batchesThatDoNotFillAStepAreSteppedOnTheirOwn() {
        assertThat(List.of(PLAN.microBatches(0), PLAN.microBatches(1), PLAN.microBatches(2), PLAN.microBatches(3))).containsExactly(3, 3, 1, 3);
    }

    @Test
    void publishedRecipeHasTheOriginalsNumberOfSteps() {
        assertThat(new TrainingPlan(30_014, 280, 1, 35).totalSteps()).isEqualTo(107 * 35);
    }

    @Test
    void anEpochVisitsEverySampleAtMostOnceInItsOrder() {
        EpochOrder order = new EpochOrder(11, 22, true);
        List<List<Integer>> requests = indices(PLAN, order, 3, 6);
        assertThat(requests).hasSize(7).allMatch(request -> request.size() == 3);
        assertThat(requests.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray())
                .isEqualTo(Arrays.copyOf(order.epoch(1), 21));
    }

    @Test
    void requestsFromAnyStepAreTheTailOfAllRequests() {
        EpochOrder order = new EpochOrder(11, 22, true);
        List<List<Integer>> all = indices(PLAN, order, 0, PLAN.totalSteps());
        assertThat(all).hasSize(28);
        int before = 0;
        for (long step = 0; step < PLAN.totalSteps(); step++) {
            assertThat(indices(PLAN, order, step, PLAN.totalSteps())).as("from step %d", step).isEqualTo(all.subList(before, all.size()));
            before += PLAN.microBatches(step);
        }
    }

    @Test
    void requestsKnowTheirEpoch() {
        List<Integer> epochs = new ArrayList<>();
        PLAN.requests(new EpochOrder(11, 22, false), 2, 5).forEachRemaining(request -> epochs.add(request.epoch()));
        assertThat(epochs).containsExactly(0, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void aBatchLargerThanTheDataIsCutToThem() {
        TrainingPlan plan = new TrainingPlan(5, 64, 1, 2);
        assertThat(plan.batchSize()).isEqualTo(5);
        assertThat(plan.totalSteps()).isEqualTo(2);
    }

    @Test
    void refusesBatchesWithoutNegatives() {
        refuses(() -> new TrainingPlan(1, 64, 1, 1), "Contrastive training needs at least 2 pairs in a batch, but the data set has 1 and the global batch is 64"
                + " (--per_gpu_train_batch_size times devices times --accum_freq)");
        refuses(() -> new TrainingPlan(100, 1, 1, 1), "Contrastive training needs at least 2 pairs in a batch, but the data set has 100 and the global"
                + " batch is 1 (--per_gpu_train_batch_size times devices times --accum_freq)");
    }

    @Test
    void refusesAccumulationOverMoreThanAnEpoch() {
        refuses(() -> new TrainingPlan(22, 3, 8, 1), "--gradient_accumulation_steps 8 exceeds the 7 batches of an epoch (22 images, global batch 3);"
                + " use at most that many");
    }

    private static void refuses(Runnable construction, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(construction::run).withMessage(message);
    }

    private static List<List<Integer>> indices(TrainingPlan plan, EpochOrder order, long from, long to) {
        List<List<Integer>> indices = new ArrayList<>();
        for (Iterator<BatchRequest> requests = plan.requests(order, from, to); requests.hasNext();) {
            indices.add(Arrays.stream(requests.next().indices()).boxed().toList());
        }
        return indices;
    }
}

package ai.modx.train;

import ai.modx.data.StopRequest;
import ai.modx.eval.RetrievalEvaluation;
import ai.modx.eval.RetrievalReport;
import ai.modx.parallel.ReplicaGroup;

/**
 * Retrieval evaluated while training goes on, without any influence on it.
 *
 * @param retrieval   on which data
 * @param everyEpochs how often; 0: only after the last epoch
 */
public record PeriodicEvaluation(RetrievalEvaluation retrieval, int everyEpochs) {

    /**
     * Whether it is time, after a step.
     *
     * @param lastStep the one after which the run stops
     */
    boolean due(TrainingPlan plan, long globalStep, long lastStep) {
        if (globalStep == lastStep) {
            return true;
        }
        long epochs = globalStep / plan.stepsPerEpoch();
        return everyEpochs > 0 && globalStep % plan.stepsPerEpoch() == 0 && epochs % everyEpochs == 0;
    }

    /** Whether there is more than one model to choose the best from. */
    boolean repeated() {
        return everyEpochs > 0;
    }

    RetrievalReport evaluate(ReplicaGroup replicas, StopRequest stop) {
        return retrieval.evaluate(replicas, stop);
    }
}

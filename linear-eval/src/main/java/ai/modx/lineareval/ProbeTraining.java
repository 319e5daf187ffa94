package ai.modx.lineareval;

import ai.modx.data.Batch;
import ai.modx.data.EpochOrder;
import ai.modx.data.StopRequest;
import ai.modx.train.DivergedException;
import ai.modx.train.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop of linear evaluation: steps over the training images, and after every epoch the accuracy on all validation images. */
final class ProbeTraining {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeTraining.class);

    /** What else happens meanwhile. */
    interface Listener {

        /**
         * After a step.
         *
         * @param step steps taken before it, over all epochs
         * @param loss mean cross entropy of its batch
         */
        void stepped(int epoch, long step, double loss);

        /** After the last step of an epoch, before its evaluation, which may fail. */
        void trained(long steps);

        /** After an epoch's evaluation. */
        void evaluated(Accuracy accuracy);
    }

    private final TrainingPlan plan;
    private final EpochOrder order;
    private final ProbeReplicas replicas;
    private final ProbeOptimizer optimizer;
    private final ProbeInput train;
    private final ProbeInput validation;

    ProbeTraining(TrainingPlan plan, EpochOrder order, ProbeReplicas replicas, ProbeOptimizer optimizer, ProbeInput train, ProbeInput validation) {
        this.plan = plan;
        this.order = order;
        this.replicas = replicas;
        this.optimizer = optimizer;
        this.train = train;
        this.validation = validation;
    }

    /**
     * Trains from one step to another, or until asked to stop.
     *
     * @param evaluated epochs whose accuracy is known; one that a signal cut off is made up for
     * @return steps taken in all
     * @throws DivergedException if a loss is not finite; the weights are then those of the step before
     */
    long run(long fromStep, long toStep, int evaluated, StopRequest stop, Listener listener) {
        long step = fromStep;
        try (ProbeInput.Batches batches = train.batches(plan.requests(order, fromStep, toStep))) {
            if (evaluated < step / plan.stepsPerEpoch()) {
                evaluate(step, stop, listener);
            }
            while (step < toStep && !stop.isAsked()) {
                int epoch = plan.epochOf(step);
                listener.stepped(epoch, step, step(batches, epoch, step));
                step++;
                if (step % plan.stepsPerEpoch() == 0) {
                    listener.trained(step);
                    evaluate(step, stop, listener);
                }
            }
        } catch (StopRequest.StoppedException e) {
            LOG.info("Evaluation cut off; it is made up for when the run is continued");
        }
        return step;
    }

    private void evaluate(long step, StopRequest stop, Listener listener) {
        listener.evaluated(replicas.evaluate(validation, plan.batchSize(), plan.epochOf(step - 1), stop));
    }

    private double step(ProbeInput.Batches batches, int epoch, long step) {
        try (Batch batch = batches.next()) {
            double loss = replicas.accumulate(train, batch);
            if (!Double.isFinite(loss)) {
                throw new DivergedException("The loss became " + loss + " in epoch " + (epoch + 1) + ", at step " + (step + 1) + " (lr "
                        + optimizer.classifierRate(epoch) + "). Nothing is saved any more; lower --lr-classifier"
                        + (optimizer.encoderRate(epoch) > 0 ? " and --lr-backbone" : "") + " or look at the data");
            }
            replicas.update(() -> optimizer.step(epoch));
            return loss;
        }
    }
}

package ai.modx.lineareval;

import ai.modx.checkpoint.SgdState;
import ai.modx.optim.CosineAnnealing;
import ai.modx.optim.Sgd;
import java.util.ArrayList;
import java.util.List;

/** SGD of the classifier, and of the encoder if it is trained, each at its own rate that falls from epoch to epoch. */
final class ProbeOptimizer implements AutoCloseable {

    private static final double MOMENTUM = 0.9;

    private record Group(Sgd sgd, CosineAnnealing schedule) {}

    private final double weightDecay;
    private final List<Group> groups = new ArrayList<>();

    /** @param replica whose weights are moved */
    ProbeOptimizer(ProbeReplica replica, ProbeSettings settings) {
        weightDecay = settings.weightDecay();
        groups.add(new Group(new Sgd(replica.manager(), replica.classifier().parameters(), MOMENTUM, weightDecay),
                new CosineAnnealing(settings.classifierRate(), settings.epochs())));
        if (settings.trainsEncoder()) {
            groups.add(new Group(new Sgd(replica.manager(), replica.encoderParameters(), MOMENTUM, weightDecay),
                    new CosineAnnealing(settings.encoderRate(), settings.epochs())));
        }
    }

    double classifierRate(int epoch) {
        return groups.get(0).schedule.rate(epoch);
    }

    /** 0 for an encoder that is not trained. */
    double encoderRate(int epoch) {
        return groups.size() == 1 ? 0 : groups.get(1).schedule.rate(epoch);
    }

    /** Moves the weights at the rates of an epoch. */
    void step(int epoch) {
        groups.forEach(group -> group.sgd.step(group.schedule.rate(epoch)));
    }

    /** What torch's optimizer would say before the given epoch. */
    SgdState state(int epoch) {
        return new SgdState(groups.stream().map(group ->
                new SgdState.Group(group.schedule.rate(epoch), group.schedule.baseRate(), MOMENTUM, weightDecay, group.sgd.momenta())).toList());
    }

    /** Goes on from a state with the same groups. */
    void restore(SgdState state) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).sgd.restore(state.groups().get(i).momenta());
        }
    }

    @Override
    public void close() {
        groups.forEach(group -> group.sgd.close());
    }
}

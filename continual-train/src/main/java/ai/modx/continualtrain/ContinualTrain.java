package ai.modx.continualtrain;

import ai.modx.cli.CommandRunner;
import ai.modx.cli.PhasedCommand;
import ai.modx.cli.PhasedOptions;
import ai.modx.cli.RecipeOption;
import ai.modx.cli.TrainingOptions;
import ai.modx.train.ContrastiveMethod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Continual fine-tuning without any care for the old model, one phase or all. */
@Command(name = "continual-train",
        description = "Train a CLIP model on new data in phases, with the contrastive loss alone. Default seed: 0.")
public final class ContinualTrain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ContinualTrain.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeOption recipe;

    @Mixin
    private PhasedOptions phases;

    @Mixin
    private TrainingOptions training;

    /** The original demands this flag and never uses it. */
    @Option(names = "--alpha", hidden = true)
    private Optional<Double> alpha = Optional.empty();

    @Override
    public Integer call() {
        alpha.ifPresent(value -> LOG.info("--alpha {} has no meaning here and is ignored: plain continual training has no second loss", value));
        return new PhasedCommand(spec, training, phases, Map.of())
                .run(old -> (replicas, job, badImages, stop) -> new ContrastiveMethod(replicas.model().manager()));
    }

    public static void main(String[] arguments) {
        CommandRunner.exit(new ContinualTrain(), arguments);
    }
}

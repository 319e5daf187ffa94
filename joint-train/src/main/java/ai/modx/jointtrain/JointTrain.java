package ai.modx.jointtrain;

import ai.modx.cli.CommandRunner;
import ai.modx.cli.RecipeOption;
import ai.modx.cli.TrainingCommand;
import ai.modx.cli.TrainingOptions;
import ai.modx.train.ContrastiveMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains CLIP on COCO, on Flickr30K, or on both as one data set. */
@Command(name = "joint-train", description = "Train CLIP on COCO and/or Flickr30K, from scratch or from given weights. Default seed: 11.")
public final class JointTrain implements Callable<Integer> {

    /** The original's. */
    private static final long SEED = 11;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeOption recipe;

    @ArgGroup(validate = false, order = 10, heading = "%nData (COCO, Flickr30K, or both):%n")
    private final JointData data = new JointData();

    @Mixin
    private TrainingOptions training;

    @Override
    public Integer call() {
        data.check(spec.commandLine().getParseResult().hasMatchedOption("--flickr30k_splits"));
        return new TrainingCommand(spec, training, SEED)
                .run(data::read, (replicas, job, badImages, stop) -> new ContrastiveMethod(replicas.model().manager()));
    }

    public static void main(String[] arguments) {
        CommandRunner.exit(new JointTrain(), arguments);
    }
}

package ai.modx.cli;

import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.data.sample.SampleSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code modx sample-data}: a data set to try everything with, without a download. */
@Command(name = "sample-data",
        header = "Draws a data set of coloured shapes with captions.",
        description = {
            "  coco/    paper cut-outs, COCO format",
            "  flickr/  chalk drawings with other wording, Flickr30K format",
            "  folder/  both, as an image folder with classes"
        })
final class SampleDataCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "new or empty folder for the data set")
    private Path out;

    @Option(names = "--images", defaultValue = "" + SampleSettings.DEFAULT_IMAGES, paramLabel = "N",
            description = "training pictures of each part; test pictures come on top (default ${DEFAULT-VALUE})")
    private int images;

    @Option(names = "--seed", defaultValue = "" + SampleSettings.DEFAULT_SEED, paramLabel = "N",
            description = "equal seeds draw equal data sets (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--image_size", defaultValue = "" + SampleSettings.DEFAULT_IMAGE_SIZE, paramLabel = "PIXELS",
            description = "side of the square pictures (default ${DEFAULT-VALUE})")
    private int imageSize;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SampleSummary summary = new SampleData(new SampleSettings(images, seed, imageSize)).write(out);
        PrintWriter results = spec.commandLine().getOut();
        results.println(out + ": " + summary.pictures() + " pictures");
        results.println("  coco/    " + summary.cocoTrain() + " to train on, " + summary.cocoTest() + " to test on");
        results.println("  flickr/  " + summary.flickrTrain() + " to train on, " + summary.flickrVal() + " held out, "
                + summary.flickrTest() + " to test on");
        results.println("  folder/  " + summary.folderTrain() + " to train on, " + summary.folderVal() + " to test on, "
                + summary.classes() + " classes");
        return ExitCode.DONE;
    }
}

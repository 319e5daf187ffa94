package ai.modx.cli;

import ai.modx.data.BadImagePolicy;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags that say what training does about images that cannot be used. */
public final class BadImageOptions {

    @ArgGroup(validate = false, order = 44, heading = "%nBad training images (evaluation never leaves an image out):%n")
    private final BadImages badImages = new BadImages();

    private static final class BadImages {

        @Option(names = "--on_bad_image", defaultValue = "fail", paramLabel = "A",
                description = "missing, empty, truncated, undecodable or too large: fail; or skip: another image, drawn by --seed, takes its place "
                        + "(default: ${DEFAULT-VALUE})")
        private Action action;

        @Option(names = "--max_bad_images", defaultValue = "100", paramLabel = "N",
                description = "with skip: fail when more than N bad images were met, in a phase each (default: ${DEFAULT-VALUE})")
        private int most;
    }

    /** The value of {@code --on_bad_image}. */
    private enum Action {
        FAIL,
        SKIP
    }

    /** What the flags say. */
    public BadImagePolicy policy() {
        FlagBounds.atLeast("--max_bad_images", badImages.most, 1);
        return badImages.action == Action.SKIP ? BadImagePolicy.skip(badImages.most) : BadImagePolicy.FAIL;
    }
}

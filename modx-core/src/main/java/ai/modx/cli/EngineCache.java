package ai.modx.cli;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import ai.modx.config.FileProblem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** The folder into which DJL unpacks libtorch when it is first used. */
final class EngineCache {

    /** Of libtorch for the CPU: 432 on Linux. */
    private static final int UNPACKED_MEGABYTES = 500;

    /** Wins over DJL's other variable. */
    private static final String OWN_VARIABLE = "ENGINE_CACHE_DIR";

    /** What DJL says where it may not download. */
    private static final String OFFLINE = "Offline mode is enabled.";

    private static final String DOWNLOAD = "Run DJL_OFFLINE=false scripts/modx doctor once with a network (2 GB), or point PYTORCH_LIBRARY_PATH at a libtorch: "
            + "see docs/gpus.md";

    private EngineCache() {}

    static Path folder() {
        return Utils.getEngineCacheDir();
    }

    /**
     * Why the folder has no libtorch.
     *
     * @param remedy what to do, a sentence without its full stop
     */
    record Problem(String what, String remedy) {

        @Override
        public String toString() {
            return what + ". " + remedy;
        }
    }

    /** Why libtorch was neither unpacked nor downloaded, if that is what went wrong. */
    static Optional<Problem> problem(Throwable thrown) {
        if (!(thrown instanceof EngineException)) {
            return Optional.empty();
        }
        if (Failure.causes(thrown).anyMatch(cause -> cause instanceof IOException && OFFLINE.equals(cause.getMessage()))) {
            return Optional.of(new Problem("This build brings no libtorch, and none was downloaded yet", DOWNLOAD));
        }
        if (Failure.causes(thrown).anyMatch(cause -> cause instanceof UnknownHostException || cause instanceof SocketException)) {
            return Optional.of(new Problem("libtorch cannot be downloaded: there is no network", DOWNLOAD));
        }
        return Failure.causes(thrown).filter(EngineCache::isOfFiles).map(Exception.class::cast).findFirst()
                .map(cause -> new Problem("libtorch cannot be unpacked into " + folder() + ": " + FileProblem.of(cause), writableFolder()));
    }

    /** Not of the network, which DJL would use if it were allowed to. */
    private static boolean isOfFiles(Throwable cause) {
        return cause instanceof FileSystemException || cause instanceof FileNotFoundException
                || cause instanceof IOException && String.valueOf(cause.getMessage()).contains("No space left");
    }

    private static String writableFolder() {
        String variable = System.getenv(OWN_VARIABLE) == null ? "DJL_CACHE_DIR" : OWN_VARIABLE;
        return "Set " + variable + " to a folder that can be written, with " + UNPACKED_MEGABYTES + " MB free";
    }
}

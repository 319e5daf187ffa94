package ai.modx.cli;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import ai.modx.config.FileProblem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** The folder into which DJL unpacks libtorch when it is first used. */
final class EngineCache {

    /** Of libtorch for the CPU: 432 on Linux. */
    private static final int UNPACKED_MEGABYTES = 500;

    /** Wins over DJL's other variable. */
    private static final String OWN_VARIABLE = "ENGINE_CACHE_DIR";

    private EngineCache() {}

    static Path folder() {
        return Utils.getEngineCacheDir();
    }

    /** Why libtorch was not unpacked, if that is what went wrong. */
    static Optional<String> problem(Throwable thrown) {
        if (!(thrown instanceof EngineException)) {
            return Optional.empty();
        }
        return Failure.causes(thrown).filter(EngineCache::isOfFiles).map(Exception.class::cast).findFirst()
                .map(cause -> "libtorch cannot be unpacked into " + folder() + ": " + FileProblem.of(cause));
    }

    /** Not of the network, which DJL would use if it were allowed to. */
    private static boolean isOfFiles(Throwable cause) {
        return cause instanceof FileSystemException || cause instanceof FileNotFoundException
                || cause instanceof IOException && String.valueOf(cause.getMessage()).contains("No space left");
    }

    static String remedy() {
        String variable = System.getenv(OWN_VARIABLE) == null ? "DJL_CACHE_DIR" : OWN_VARIABLE;
        return "Set " + variable + " to a folder that can be written, with " + UNPACKED_MEGABYTES + " MB free";
    }
}

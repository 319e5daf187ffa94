package ai.modx.cli;

import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks where a command is to write before it begins its work. */
final class OutputPath {

    /** Endings of files in torch's format. */
    private static final String[] TORCH = {".pt", ".pth", ".ts"};

    /** Names of what runs write and continue from, training and linear evaluation. */
    private static final Pattern OF_RUNS = Pattern.compile("checkpoint_.*\\.pt|checkpoint\\.pth|run\\.json|metrics\\.jsonl|stats\\.txt|eval\\.jsonl");

    private OutputPath() {}

    /**
     * Checks a file that is made of other ones.
     *
     * @throws ConfigException as {@link #requireFile}, or if it is one of those
     */
    static void requireOtherFile(String flag, Path file, List<Path> sources, String... endings) {
        for (Path source : sources) {
            if (isSame(file, source)) {
                throw new ConfigException(flag + " " + file + " is the file that is read, and would be replaced; name another one");
            }
        }
        requireFile(flag, file, endings);
    }

    /** {@link #requireOtherFile} for a file in torch's format. */
    static void requireOtherTorchFile(String flag, Path file, Path source) {
        requireOtherFile(flag, file, List.of(source), TORCH);
    }

    private static boolean isSame(Path file, Path source) {
        try {
            return Files.exists(file) && Files.exists(source) && Files.isSameFile(file, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks a file that is to be written.
     *
     * @param endings of names of files in the format that is written; none if the name may have any
     * @throws ConfigException if it is a folder, no ordinary file, or one that a run wrote; if its name has another ending, or its folder
     *                         cannot be made or written
     */
    static void requireFile(String flag, Path file, String... endings) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(flag + " " + file + " is a folder; name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigException(flag + " " + file + " is a device or a pipe, in whose place a file would be put; name a file");
        }
        if (endings.length > 0 && Arrays.stream(endings).noneMatch(file.toString()::endsWith)) {
            throw new ConfigException(flag + " " + file + ": expected a name that ends in " + String.join(" or ", endings)
                    + ", the format that is written");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (OF_RUNS.matcher(file.getFileName().toString()).matches() && (Files.exists(file) || Files.exists(folder.resolve("run.json")))) {
            throw new ConfigException(flag + " " + file + " belongs to the run in " + folder + "; name another file");
        }
        RunFolder.requireWritable(flag, folder);
    }

    /** Makes the folder that a file is to lie in, now that there is something to write. */
    static Path inFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw SaveException.ofFolder(folder, e);
        }
        return file;
    }

    /** @throws ConfigException if it is a file, holds anything, or cannot be written */
    static void requireNewFolder(String flag, Path folder) {
        first(flag, folder).ifPresent(entry -> {
            throw new ConfigException(flag + " " + folder + " is not empty (it holds " + entry.getFileName() + "); give a new or empty folder");
        });
        RunFolder.requireWritable(flag, folder);
    }

    private static Optional<Path> first(String flag, Path folder) {
        if (!Files.exists(folder)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(flag + " " + folder + " is a file; give a new or empty folder");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package ai.modx.cli;

import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks where a command is to write before it begins its work. */
final class OutputPath {

    private OutputPath() {}

    /**
     * Checks a file that is made of other ones.
     *
     * @throws ConfigException as {@link #requireFile(String, Path)}, or if it is one of those
     */
    static void requireOtherFile(String flag, Path file, List<Path> sources) {
        requireFile(flag, file);
        for (Path source : sources) {
            if (isSame(file, source)) {
                throw new ConfigException(flag + " " + file + " is the file that is read, and would be replaced; name another one");
            }
        }
    }

    private static boolean isSame(Path file, Path source) {
        try {
            return Files.exists(file) && Files.exists(source) && Files.isSameFile(file, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws ConfigException if it is a folder or no ordinary file, or lies in a folder that cannot be made or written */
    static void requireFile(String flag, Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(flag + " " + file + " is a folder; name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigException(flag + " " + file + " is a device or a pipe, in whose place a file would be put; name a file");
        }
        RunFolder.requireWritable(flag, file.toAbsolutePath().getParent());
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

    /** @throws ConfigException if the name does not have the ending of the format that is written */
    static void requireEnding(String flag, Path file, String ending) {
        if (!file.toString().endsWith(ending)) {
            throw new ConfigException(flag + " " + file + ": expected a name that ends in " + ending + ", the format that is written");
        }
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

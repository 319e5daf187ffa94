package ai.modx.train;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.config.FileProblem;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Where a run writes: logs into one folder, checkpoints into another or the same.
 *
 * @param logs        {@code --train_dir}
 * @param checkpoints {@code --saved_checkpoints}
 */
public record RunFolder(Path logs, Path checkpoints) {

    static final String FINAL_CHECKPOINT = "checkpoint_final.pt";
    static final String BEST_CHECKPOINT = "checkpoint_best.pt";
    static final String CHECKPOINT_PREFIX = "checkpoint_";
    static final String CHECKPOINT_SUFFIX = ".pt";

    private static final List<String> LOG_FILES = List.of("stats.txt", "metrics.jsonl", "run.json", "eval.jsonl");

    /** Lines as the original writes them. */
    public Path stats() {
        return logs.resolve(LOG_FILES.get(0));
    }

    /** A line for every step. */
    public Path metrics() {
        return logs.resolve(LOG_FILES.get(1));
    }

    /** Arguments, settings, versions. */
    public Path description() {
        return logs.resolve(LOG_FILES.get(2));
    }

    /** A line for every evaluation of retrieval. */
    public Path evaluations() {
        return logs.resolve(LOG_FILES.get(3));
    }

    public Path finalCheckpoint() {
        return checkpoints.resolve(FINAL_CHECKPOINT);
    }

    /** The one with the highest recall so far. */
    Path bestCheckpoint() {
        return checkpoints.resolve(BEST_CHECKPOINT);
    }

    Path checkpoint(int epoch, long globalStep) {
        return checkpoints.resolve(CHECKPOINT_PREFIX + epoch + "_" + globalStep + CHECKPOINT_SUFFIX);
    }

    /** The folder of one phase of a run of several, counted from 1. */
    public RunFolder phase(int number) {
        return new RunFolder(logs.resolve("phase_" + number), checkpoints.resolve("phase_" + number));
    }

    /** Whether a file lies in the folder of the checkpoints. */
    public boolean holds(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return checkpoints.toAbsolutePath().normalize().equals(parent);
    }

    /** All finished checkpoint files of the run; empty if the folder does not exist. */
    List<Path> checkpointFiles() {
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.filter(file -> {
                String name = file.getFileName().toString();
                return name.startsWith(CHECKPOINT_PREFIX) && name.endsWith(CHECKPOINT_SUFFIX);
            }).sorted().toList();
        } catch (IOException e) {
            throw new ConfigException("--saved_checkpoints " + checkpoints + " cannot be listed: " + FileProblem.of(e));
        }
    }

    /** {@link #requireFresh(String)} for a run that could be continued. */
    public void requireFresh() {
        requireFresh(", or continue that run with --resume latest");
    }

    /**
     * Checks, without writing, that a new run can start here.
     *
     * @param otherwise what else could be done than to choose another folder, for the message
     * @throws ConfigException if one of the folders holds a run already, or cannot be written
     */
    public void requireFresh(String otherwise) {
        for (String name : LOG_FILES) {
            if (Files.exists(logs.resolve(name))) {
                throw holdsRun("--train_dir", logs, name, otherwise);
            }
        }
        for (Path file : checkpointFiles()) {
            throw holdsRun("--saved_checkpoints", checkpoints, file.getFileName().toString(), otherwise);
        }
        requireWritable();
    }

    /** Checks, without writing, that both folders exist or can be created, and can be written. */
    public void requireWritable() {
        requireWritable("--train_dir", logs);
        requireWritable("--saved_checkpoints", checkpoints);
    }

    /**
     * Checks, without writing, that a folder exists or can be created, and can be written.
     *
     * @param flag that names it, for the message
     */
    public static void requireWritable(String flag, Path folder) {
        Path existing = existing(folder);
        if (existing == null || !Files.isDirectory(existing)) {
            throw new ConfigException(flag + " " + folder + " cannot be created: " + existing + " is not a folder. Choose another place");
        }
        if (!Files.isWritable(existing)) {
            throw new ConfigException(flag + " " + folder + " cannot be written: no permission to write in " + existing);
        }
    }

    /** The folder, or the nearest one above it that is there. */
    private static Path existing(Path folder) {
        Path existing = folder.toAbsolutePath().normalize();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** Bytes left for checkpoints; nothing where the system does not tell: file systems without a size of their own say 0. */
    OptionalLong freeBytes() {
        try {
            long free = Files.getFileStore(existing(checkpoints)).getUsableSpace();
            return free > 0 ? OptionalLong.of(free) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** @throws ConfigException if a run in phases lies there, beside which another run would be taken for part of it */
    public void requireNoPhases() {
        for (int number : FinishedPhases.numbers(logs)) {
            if (Files.exists(phase(number).description())) {
                throw new ConfigException("--train_dir " + logs + " holds a run in phases (phase_" + number + "). Choose another folder, or continue that "
                        + "run with --all_phases");
            }
        }
    }

    private static ConfigException holdsRun(String flag, Path folder, String file, String otherwise) {
        return new ConfigException(flag + " " + folder + " already holds a run (" + file + "). Choose another folder" + otherwise);
    }

    /**
     * Checks that a run which is to be continued by its newest checkpoint is looked for where it saved: begun anew, it would lose its
     * logs.
     *
     * @throws ConfigException if run.json names another folder and this one has no checkpoint
     */
    public void requireSameCheckpoints() {
        if (!Files.exists(description())) {
            return;
        }
        String now = checkpoints.toAbsolutePath().normalize().toString();
        JsonNode run = RunJson.read(description());
        boolean beside = !run.path("flags").has("saved_checkpoints"); // wherever the run was moved, they lie beside its logs
        String before = beside ? logs.toAbsolutePath().normalize().toString() : run.path("saved_checkpoints").asText(now);
        if (!before.equals(now) && checkpointFiles().isEmpty()) {
            throw new ConfigException("--saved_checkpoints " + checkpoints + ": the run in " + logs + " saves into " + before
                    + ". Give that folder to continue it, or another --train_dir for a new run");
        }
    }

    /** Gives the final checkpoint of a run that goes on after its end the name of one on the way. */
    void takeFinalNameAway(int epoch, long globalStep) {
        try {
            if (Files.exists(finalCheckpoint())) {
                Files.move(finalCheckpoint(), checkpoint(epoch, globalStep), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Final checkpoint " + finalCheckpoint() + " cannot be renamed: " + FileProblem.of(e), e);
        }
    }

    /** Removes what a killed process left of a checkpoint that it was writing. */
    void deleteUnfinished() {
        try (Stream<Path> files = Files.list(checkpoints)) {
            for (Path file : files.filter(AtomicFile::isUnfinished).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("--saved_checkpoints " + checkpoints + " cannot be tidied: " + FileProblem.of(e), e);
        }
    }

    /** Makes the folders. */
    void create() {
        for (Path folder : List.of(logs, checkpoints)) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw SaveException.ofFolder(folder, e);
            }
        }
    }
}

package ai.modx.train;

import ai.modx.config.ConfigException;
import ai.modx.config.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps a second run out of a run's folders. The operating system drops the lock when the process ends, however it ends. */
public final class RunLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final List<FileChannel> held = new ArrayList<>();

    /** @throws ConfigException if another run works in one of the folders */
    RunLock(RunFolder folder) {
        this("--train_dir or --saved_checkpoints", List.of(folder.logs(), folder.checkpoints()));
    }

    /**
     * Locks folders that exist.
     *
     * @param flags that name them, for the message
     * @throws ConfigException if another run works in one of the folders
     */
    public RunLock(String flags, List<Path> folders) {
        try {
            Set<Path> different = new LinkedHashSet<>();
            for (Path folder : folders) {
                different.add(folder.toRealPath());
            }
            for (Path folder : different) {
                lock(flags, folder);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("The folders of the run cannot be locked: " + FileProblem.of(e), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void lock(String flags, Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        held.add(channel);
        boolean free;
        try {
            free = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            free = false; // held by this very process
        } catch (IOException e) {
            free = true; // some network file systems know no locks
        }
        if (!free) {
            throw new ConfigException(flags + " " + folder + " is in use by another run. Wait for it, or choose another folder");
        }
    }

    @Override
    public void close() {
        for (FileChannel channel : held) {
            try {
                channel.close(); // releases the lock; the empty file stays, since deleting it would race with the next run
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

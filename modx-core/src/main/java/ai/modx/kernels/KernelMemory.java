package ai.modx.kernels;

import ai.modx.checkpoint.AtomicFile;
import ai.modx.checkpoint.SaveException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one set of kernels: a file whose first line says which route is right, or that a process is
 * trying them; the second, why
 * it is not the usual one; then what was tried.
 */
final class KernelMemory {

    /** Before the number of the process that tries. */
    private static final String TRYING = "trying ";

    private final Path file;
    private final String what;

    /** @param what all that decides which kernels are taken */
    KernelMemory(Path folder, String what) {
        this.file = folder.resolve(digest(what) + ".txt");
        this.what = what;
    }

    /**
     * What came of it.
     *
     * @param reason why another route than the first is taken; empty if it is the first
     */
    record Verdict(Route route, String reason) {}

    Optional<Verdict> verdict() {
        return lines().filter(lines -> lines.size() > 1 && Route.isCode(lines.get(0)))
                .map(lines -> new Verdict(Route.parse(lines.get(0)), lines.get(1)));
    }

    /** Whether a process that is no more was trying them: perhaps one of them ended it. */
    boolean isInterrupted() {
        return lines().filter(lines -> !lines.isEmpty() && lines.get(0).startsWith(TRYING))
                .map(lines -> lines.get(0).substring(TRYING.length()))
                .filter(process -> process.matches("\\d{1,18}"))
                .map(process -> ProcessHandle.of(Long.parseLong(process))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty())
                .orElse(false);
    }

    /** @return whether it could be written */
    boolean trying() {
        return write(TRYING + ProcessHandle.current().pid() + "\n");
    }

    void decided(Verdict verdict) {
        write(verdict.route().code() + "\n" + verdict.reason().replace('\n', ' ') + "\n");
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // tried again, in another process
        }
    }

    private Optional<List<String>> lines() {
        try {
            return Optional.of(Files.readAllLines(file));
        } catch (IOException e) {
            return Optional.empty(); // never tried
        }
    }

    private boolean write(String head) {
        try {
            Files.createDirectories(file.getParent());
            AtomicFile.write(file, (head + what).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException | SaveException e) {
            return false;
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}

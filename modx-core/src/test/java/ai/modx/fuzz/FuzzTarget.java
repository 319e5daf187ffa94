package ai.modx.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A reader of files that may come from anywhere.
 *
 * @param name    for people, also the folder of its inputs
 * @param seeds   good files, or what is framed into one; the first steps from which inputs are made
 * @param mutator makes hostile inputs of them
 * @param framing puts an input into the rest of its file, such as checksums that the reader would stop at
 * @param reader  reads a file and uses what it has read
 * @param refusal the only kind of exception that it may throw, with a sentence for its user
 */
public record FuzzTarget(
        String name, List<byte[]> seeds, Mutator mutator, Framing framing, Reader reader, Class<? extends RuntimeException> refusal) {

    /** From an input to a file. */
    @FunctionalInterface
    public interface Framing {
        byte[] file(byte[] input) throws IOException;
    }

    /** What is tried on every file. */
    @FunctionalInterface
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /** A reader whose input is the whole file. */
    public FuzzTarget(String name, List<byte[]> seeds, Mutator mutator, Reader reader, Class<? extends RuntimeException> refusal) {
        this(name, seeds, mutator, input -> input, reader, refusal);
    }

    @Override
    public String toString() {
        return name;
    }
}

package ai.modx.data;

import java.nio.file.Path;

/** An image file that cannot be used. */
public final class BadImageException extends DataException {

    private final Defect defect;
    private final Path file;
    private final String problem;

    /**
     * @param problem what is wrong, to follow the name of the file
     * @param remedy  what to do about it, a sentence
     */
    public BadImageException(Defect defect, Path file, String problem, String remedy) {
        super("Image " + file + " " + problem + ". " + remedy);
        this.defect = defect;
        this.file = file;
        this.problem = problem;
    }

    public BadImageException(Defect defect, Path file, String problem, String remedy, Throwable cause) {
        this(defect, file, problem, remedy);
        initCause(cause);
    }

    public Defect defect() {
        return defect;
    }

    public Path file() {
        return file;
    }

    /** What is wrong, to follow the name of the file. */
    public String problem() {
        return problem;
    }

    /** Whether the file itself is bad: what the disk or the network refused may be there the next time. */
    boolean isLasting() {
        return defect != Defect.UNREADABLE_IMAGE;
    }
}

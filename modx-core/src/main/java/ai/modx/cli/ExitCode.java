package ai.modx.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a command's exit code tells the script that ran it; every command uses the same ones. */
public final class ExitCode {

    /** Everything was done. */
    public static final int DONE = 0;
    /** It failed while running: disk, memory, native code, or a mistake of ours. */
    public static final int FAILED = 1;
    /** Two files that were compared differ; as in diff and cmp. */
    public static final int DIFFERENT = 1;
    /** A wrong flag, recipe or model table; nothing was written. */
    public static final int USAGE = 2;
    /** Data that is missing or cannot be read. */
    public static final int DATA = 3;
    /** The loss or a gradient is not finite. */
    public static final int DIVERGED = 4;
    /** A checkpoint that cannot be read or does not fit the model. */
    public static final int CHECKPOINT = 5;
    /** Stopped by SIGHUP, the end of the terminal, after saving a checkpoint. */
    public static final int HUNG_UP = 129;
    /** Stopped by SIGINT, after saving a checkpoint. */
    public static final int INTERRUPTED = 130;
    /** Stopped by SIGTERM, after saving a checkpoint. */
    public static final int TERMINATED = 143;

    private ExitCode() {}

    /** The codes with a few words each, for the foot of the help. */
    static Map<String, String> descriptions() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put(DONE + "", "done");
        words.put(FAILED + "", "failed while running");
        words.put(USAGE + "", "wrong flag, recipe or model table; nothing was written");
        words.put(DATA + "", "data missing or unreadable");
        words.put(DIVERGED + "", "training diverged");
        words.put(CHECKPOINT + "", "checkpoint unreadable or of another model");
        words.put(HUNG_UP + ", " + INTERRUPTED + ", " + TERMINATED, "stopped by a signal, checkpoint saved");
        return words;
    }
}

package ai.modx.cli;

import ai.modx.data.Progress;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The last line of a terminal, which tells how far things are and is drawn anew in place. Two codes, which every terminal but a dumb
 * one knows: return, and erase to the end of the line. No colours. Where there is no terminal, nothing.
 */
final class StatusLine {

    private static final String GAP = "  ";
    private static final String ERASE = "\r\033[K";

    private final Consumer<String> terminal;
    private final IntSupplier columns;
    private Progress shown = Progress.NONE;

    /**
     * @param terminal where text goes
     * @param columns  how many fit into a line; 0: it is no terminal
     */
    StatusLine(Consumer<String> terminal, IntSupplier columns) {
        this.terminal = terminal;
        this.columns = columns;
    }

    /** Takes the place of what was shown. */
    void show(Progress progress) {
        shown = progress;
        int width = columns.getAsInt();
        if (width > 0) {
            terminal.accept(ERASE + fitting(progress, width));
        }
    }

    /** Lets whole lines be written above. */
    void below(Runnable lines) {
        if (shown.parts().isEmpty()) {
            lines.run();
            return;
        }
        Progress under = shown;
        show(Progress.NONE);
        lines.run();
        show(under);
    }

    /** The last column stays empty: some terminals go to the next line when it is filled. */
    private static String fitting(Progress progress, int width) {
        StringBuilder line = new StringBuilder();
        for (String part : progress.parts()) {
            int length = line.length() + (line.isEmpty() ? 0 : GAP.length()) + part.length();
            if (length >= width) {
                return line.isEmpty() ? part.substring(0, width - 1) : line.toString();
            }
            line.append(line.isEmpty() ? "" : GAP).append(part);
        }
        return line.toString();
    }
}

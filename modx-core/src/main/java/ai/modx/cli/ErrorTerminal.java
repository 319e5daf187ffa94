package ai.modx.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import sun.misc.Signal;

/** How many columns the terminal has that stderr goes to. Java cannot tell, so the shell is asked: once, and again when the window has changed. */
final class ErrorTerminal implements IntSupplier {

    static final int NONE = 0;

    /** Of terminals that do not say. */
    private static final int USUAL_COLUMNS = 80;

    /** Prints rows and columns; fails if there is no terminal. */
    private static final String ASK = "test -t 2 && { stty size <&2 2>/dev/null || echo 0 0; }";

    private final AtomicBoolean asked = new AtomicBoolean();
    private int columns;

    @Override
    public int getAsInt() {
        if (!asked.getAndSet(true)) {
            boolean first = columns == NONE;
            columns = dumb(System.getenv("TERM")) ? NONE : ask();
            if (first && columns != NONE) {
                followWindow();
            }
        }
        return columns;
    }

    /** Whether a terminal knows no more than letters. */
    static boolean dumb(String term) {
        return term == null || term.isEmpty() || term.equals("dumb");
    }

    private static int ask() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", ASK).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String size = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return size.isEmpty() ? NONE : columns(size);
        } catch (IOException e) {
            return NONE; // a system without such a shell
        }
    }

    private static int columns(String size) {
        int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
        return columns == 0 ? USUAL_COLUMNS : columns;
    }

    private void followWindow() {
        try {
            Signal.handle(new Signal("WINCH"), changed -> asked.set(false));
        } catch (IllegalArgumentException e) {
            // a system without this signal: the width stays what it was
        }
    }
}

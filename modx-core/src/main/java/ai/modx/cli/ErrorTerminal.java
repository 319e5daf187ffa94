package ai.modx.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import sun.misc.Signal;

/** How many columns the terminal has that stderr goes to: asked for once, and again when the window has changed. */
final class ErrorTerminal implements IntSupplier {

    static final int NONE = TerminalWidth.NONE;

    private final AtomicBoolean asked = new AtomicBoolean();
    private int columns;

    @Override
    public int getAsInt() {
        if (!asked.getAndSet(true)) {
            boolean first = columns == NONE;
            columns = dumb(System.getenv("TERM")) ? NONE : TerminalWidth.ofErrors();
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

    private void followWindow() {
        try {
            Signal.handle(new Signal("WINCH"), changed -> asked.set(false));
        } catch (IllegalArgumentException e) {
            // a system without this signal: the width stays what it was
        }
    }
}

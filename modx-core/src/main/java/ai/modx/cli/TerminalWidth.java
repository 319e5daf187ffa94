package ai.modx.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/** How many columns the terminal has that a stream goes to. Java cannot tell, so the shell is asked. */
final class TerminalWidth {

    /** Of streams that go elsewhere, and of systems without such a shell. */
    static final int NONE = 0;

    /** Of terminals that do not say. */
    private static final int USUAL = 80;

    private TerminalWidth() {}

    static int ofOutput() {
        return ask(1, 2, Redirect.INHERIT, Redirect.PIPE);
    }

    static int ofErrors() {
        return ask(2, 1, Redirect.PIPE, Redirect.INHERIT);
    }

    /** The one stream is the shell's too; on the other it prints rows and columns, or nothing if the first goes to no terminal. */
    private static int ask(int stream, int answer, Redirect output, Redirect errors) {
        String script = "test -t %1$d && { stty size <&%1$d >&%2$d 2>/dev/null || echo 0 0 >&%2$d; }".formatted(stream, answer);
        try {
            Process shell = new ProcessBuilder("sh", "-c", script).redirectOutput(output).redirectError(errors).start();
            InputStream answers = answer == 1 ? shell.getInputStream() : shell.getErrorStream();
            String size = new String(answers.readAllBytes(), StandardCharsets.US_ASCII).strip();
            return size.matches("\\d+ \\d{1,6}") ? columns(size) : NONE;
        } catch (IOException e) {
            return NONE;
        }
    }

    private static int columns(String size) {
        int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
        return columns == 0 ? USUAL : columns;
    }
}

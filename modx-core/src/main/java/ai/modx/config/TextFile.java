package ai.modx.config;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The text files that people write: UTF-8, with or without byte-order marks, lines that end in LF, CR LF or CR. */
public final class TextFile {

    /** Bytes. No line that a person writes is longer; a file without line ends is something else. */
    private static final int MAX_LINE = 1 << 20;

    private static final String MARK = "\ufeff";
    private static final Pattern WEB_PAGE = Pattern.compile(MARK + "?\\s*(<!doctype html|<html)", Pattern.CASE_INSENSITIVE);

    private TextFile() {}

    /**
     * All lines, without their ends. A byte-order mark is left out before every line: files that are put together have some inside.
     *
     * @throws IOException if the file cannot be read, or is not such text; the message then says in which line, and what to do
     */
    public static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int before = '\n';
            for (int next = in.read(); next >= 0; before = next, next = in.read()) {
                if (next == '\n' && before == '\r') {
                    continue; // the other half of one line end
                }
                if (next == '\n' || next == '\r') {
                    lines.add(text(line.toByteArray(), lines.size() + 1));
                    line.reset();
                } else {
                    line.write(next);
                    if (line.size() > MAX_LINE) {
                        throw new IOException("line " + (lines.size() + 1) + " has more than " + MAX_LINE + " bytes");
                    }
                }
            }
            if (line.size() > 0) {
                lines.add(text(line.toByteArray(), lines.size() + 1));
            }
        }
        return lines;
    }

    private static String text(byte[] line, int number) throws IOException {
        if (number == 1 && isMarkedUtf16(line)) {
            throw new IOException("it is UTF-16, not UTF-8 text (iconv -f utf-16 -t utf-8 converts it)");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("line " + number + " is not UTF-8 text (iconv -f latin1 -t utf-8 converts from Latin-1)", e);
        }
        if (text.indexOf('\0') >= 0) {
            throw new IOException("line " + number + " holds a NUL character, so it is not UTF-8 text; perhaps it is UTF-16");
        }
        if (number == 1) {
            requireNoForeigner(line, text);
        }
        return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
    }

    /** A line of markup alone is no web page: it may be one of the texts. */
    private static void requireNoForeigner(byte[] line, String text) throws IOException {
        Optional<ForeignFile> foreign = ForeignFile.of(ByteBuffer.wrap(line)).filter(kind -> switch (kind) {
            case LFS_POINTER, ANNEX_POINTER -> true;
            case WEB_PAGE -> WEB_PAGE.matcher(text).lookingAt();
            default -> false;
        });
        if (foreign.isPresent()) {
            throw new IOException("it is " + foreign.get().words() + ". " + foreign.get().remedy());
        }
    }

    private static boolean isMarkedUtf16(byte[] line) {
        return line.length >= 2 && (line[0] == (byte) 0xff && line[1] == (byte) 0xfe || line[0] == (byte) 0xfe && line[1] == (byte) 0xff);
    }
}

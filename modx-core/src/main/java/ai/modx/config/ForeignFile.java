package ai.modx.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What lies under the names of pictures and weights without being either, mostly because a download or a copy went wrong; told by
 * its first bytes.
 */
public enum ForeignFile {

    EMPTY("empty (0 bytes)", "Copy or download it again", start -> start.bytes.isEmpty()),
    LFS_POINTER("a git-LFS pointer, in place of the file that 'git lfs pull' downloads", "Run 'git lfs pull' in its repository",
            start -> start.text.startsWith("version https://git-lfs.github.com/")
                    || start.text.startsWith("version https://hawser.github.com/")),
    ANNEX_POINTER("a git-annex pointer, in place of the file that 'git annex get' downloads", "Run 'git annex get' in its repository",
            start -> start.text.startsWith("/annex/objects/")),
    SVG("an SVG drawing", "Convert it", start -> start.isMarkup() && start.text.contains("<svg")),
    WEB_PAGE("a web page (HTML), as servers send in place of a file", "Download it again; its address leads to a page, or asks for a login",
            start -> start.isMarkup()
                    && (start.text.contains("<html") || !start.text.startsWith("<?xml") && !start.text.startsWith("<error>"))),
    XML("an XML document, as storage servers send in place of a file", "Download it again; the document says what was wrong",
            Start::isMarkup),
    APPLE_DOUBLE("an AppleDouble file, in which macOS keeps what it knows of the file that is named without '._'", "Delete it",
            start -> start.bytes.startsWith("\0\5\26\7\0") || start.bytes.startsWith("\0\5\26\0\0")),
    ZIP("a zip archive", "Unpack it", start -> start.bytes.startsWith("PK\3\4") || start.bytes.startsWith("PK\5\6")),
    GZIP("compressed with gzip", "Unpack it", start -> start.bytes.startsWith("\37\u008b\b")),
    TAR("a tar archive", "Unpack it", start -> start.bytes.startsWith("ustar", 257)),
    PDF("a PDF document", "Take the file itself out of it", start -> start.bytes.startsWith("%PDF-"));

    /** So many first bytes of a file are enough to tell. */
    public static final int BYTES = 1024;

    private final String words;
    private final String remedy;
    private final Predicate<Start> begins;

    ForeignFile(String words, String remedy, Predicate<Start> begins) {
        this.words = words;
        this.remedy = remedy;
        this.begins = begins;
    }

    /**
     * @param bytes in Latin-1
     * @param text  in lower case, from its first letter on: byte-order marks, spaces and the zeros of UTF-16 are left out
     */
    private record Start(String bytes, String text) {

        static Start of(ByteBuffer start) {
            byte[] copy = new byte[Math.min(start.remaining(), BYTES)];
            start.get(start.position(), copy);
            String bytes = new String(copy, StandardCharsets.ISO_8859_1);
            String text = bytes.replaceFirst("^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)", "").replace("\0", "");
            return new Start(bytes, text.stripLeading().toLowerCase(Locale.ROOT));
        }

        boolean isMarkup() {
            return text.length() > 2 && text.charAt(0) == '<' && (Character.isLetter(text.charAt(1)) || "!?".indexOf(text.charAt(1)) >= 0);
        }
    }

    /**
     * Looks for such things. A reader asks when it does not know a file as its own: a checkpoint may be a zip archive.
     *
     * @param start the file's first {@link #BYTES}, or all of it; its position is not changed
     */
    public static Optional<ForeignFile> of(ByteBuffer start) {
        Start first = Start.of(start);
        for (ForeignFile kind : values()) {
            if (kind.begins.test(first)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** What it is, to follow "is", for example {@code a web page (HTML)}. */
    public String words() {
        return words;
    }

    /** What to do about it, a sentence without its full stop. */
    public String remedy() {
        return remedy;
    }
}

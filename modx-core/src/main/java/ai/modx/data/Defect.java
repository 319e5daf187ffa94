package ai.modx.data;

/** What can be wrong with a data set, and whether training fails on it. */
public enum Defect {

    MISSING_IMAGE("image that does not exist", true),
    NOT_A_FILE("folder or device in place of an image", true),
    UNREADABLE_IMAGE("image that cannot be read, for the disk or the memory", true),
    EMPTY_IMAGE("image of 0 bytes", true),
    NO_IMAGE("file under an image's name that is no image, such as a web page", true),
    OTHER_FORMAT("image that is neither JPEG nor PNG", true),
    TRUNCATED_IMAGE("image that ends too early", true),
    UNDECODABLE_IMAGE("image that cannot be decoded", true),
    TOO_LARGE_IMAGE("image with more pixels than are decoded", true),
    CLIPPED_IMAGE("16-bit gray image, cut at 255 and so nearly white", false),
    BROKEN_FILE("annotation file or folder that cannot be used", true),
    BROKEN_ENTRY("entry that cannot be understood", true),
    REPEATED_ID("image id that occurs twice", true),
    CLASS_WITHOUT_IMAGE("class without an image", true),
    IMAGE_WITHOUT_CAPTION("image without a caption, left out", false),
    CAPTION_WITHOUT_IMAGE("caption of an image that is not listed, left out", false),
    REPEATED_FILE("image file that is listed twice", false),
    EQUAL_FILE("image file with the content of another", false),
    REPEATED_CAPTION("caption that an image has twice", false),
    EMPTY_CAPTION("caption without a word", false),
    LONG_CAPTION("caption that is too long and will be cut", false);

    private final String words;
    private final boolean fatal;

    Defect(String words, boolean fatal) {
        this.words = words;
        this.fatal = fatal;
    }

    /** For tables: what one of them is. */
    public String words() {
        return words;
    }

    /** Whether a training run fails on it, unless told to skip bad images. */
    public boolean isFatal() {
        return fatal;
    }
}

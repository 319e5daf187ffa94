package ai.modx.text;

import ai.modx.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Turns captions into token ids as OpenAI's {@code SimpleTokenizer} does, so that released weights mean the same here.
 *
 * <p>One instance serves any number of threads. Loading takes some tens of milliseconds: make one and pass it on.
 */
public final class ClipTokenizer {

    /** Marks the start of a text. */
    public static final int START = 49406;
    /** Marks the end of a text; the text tower's feature is read at its position. */
    public static final int END = 49407;
    /** The marks as texts. */
    public static final String START_TEXT = "<|startoftext|>";
    public static final String END_TEXT = "<|endoftext|>";
    /** Number of ids, marks included. */
    public static final int VOCABULARY_SIZE = 49408;

    /** Marks, English contractions, words, single digits, runs of anything else but white space. */
    private static final Pattern WORD = Pattern.compile("(?iu:<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d)"
            + "|\\p{L}+|\\p{N}|[^\\p{IsWhite_Space}\\p{L}\\p{N}]+");
    /** COCO and Flickr30K together have about 40,000 words; the bound is for data that never repeats itself. */
    private static final int MAX_CACHED_WORDS = 1 << 16;
    private static final int MAX_CACHED_LENGTH = 64;

    private final CaptionCleaner cleaner = new CaptionCleaner();
    private final BytePairVocabulary vocabulary = BytePairVocabulary.load();
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    private ClipTokenizer() {}

    /** Loads OpenAI's vocabulary. */
    public static ClipTokenizer load() {
        return new ClipTokenizer();
    }

    /**
     * Checks that a model knows all ids; one that does not is of another tokenizer, and of use for images alone.
     *
     * @param vocabSize the model's
     * @throws ConfigException if it has fewer
     */
    public static void requireIn(int vocabSize) {
        if (vocabSize < VOCABULARY_SIZE) {
            throw new ConfigException("The model's vocab_size is " + vocabSize + ". Expected at least " + VOCABULARY_SIZE + ", the ids of CLIP's tokenizer");
        }
    }

    /**
     * The ids of a caption alone: no marks, no padding, of any length. The texts {@code <|startoftext|>} and
     * {@code <|endoftext|>} in a caption give the marks, as they do at OpenAI's.
     */
    public int[] encode(String caption) {
        IntStream.Builder ids = IntStream.builder();
        Matcher words = WORD.matcher(clean(caption));
        while (words.find()) {
            for (int id : encodeWord(words.group())) {
                ids.add(id);
            }
        }
        return ids.build().toArray();
    }

    /**
     * The input of the text tower: start mark, ids, end mark, zeros. A caption that is too long loses its end, but keeps
     * the end mark in the last place, without which all long captions would have one and the same feature.
     *
     * @param contextLength the length L of the result, at least 2
     */
    public int[] tokenize(String caption, int contextLength) {
        if (contextLength < 2) {
            throw new IllegalArgumentException("context length " + contextLength + ": the two marks alone need 2");
        }
        int[] ids = encode(caption);
        int kept = Math.min(ids.length, contextLength - 2);
        int[] tokens = new int[contextLength];
        tokens[0] = START;
        System.arraycopy(ids, 0, tokens, 1, kept);
        tokens[kept + 1] = END;
        return tokens;
    }

    /** The text of the ids: lower case, one blank after every word; bytes that are not UTF-8 become U+FFFD. */
    public String decode(int... ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            bytes.writeBytes(bytes(id));
        }
        return bytes.toString(StandardCharsets.UTF_8).replace("</w>", " ");
    }

    /** The caption as the vocabulary sees it. */
    String clean(String caption) {
        return cleaner.clean(caption);
    }

    private int[] encodeWord(String word) {
        int[] known = cache.get(word);
        if (known != null) {
            return known;
        }
        int[] ids = switch (word) {
            case START_TEXT -> new int[] {START};
            case END_TEXT -> new int[] {END};
            default -> vocabulary.encode(word);
        };
        if (cache.size() < MAX_CACHED_WORDS && word.length() <= MAX_CACHED_LENGTH) {
            cache.put(word, ids);
        }
        return ids;
    }

    private byte[] bytes(int id) {
        if (id == START || id == END) {
            return (id == START ? START_TEXT : END_TEXT).getBytes(StandardCharsets.UTF_8);
        }
        if (id < 0 || id >= vocabulary.size()) {
            throw new IllegalArgumentException("token id " + id + ": CLIP's vocabulary has 0 to " + (VOCABULARY_SIZE - 1));
        }
        return vocabulary.bytes(id);
    }
}

package ai.modx.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * CLIP's byte-pair encoding: which tokens there are, and how the UTF-8 bytes of a word become tokens.
 *
 * <p>Token ids: 256 single bytes, the same 256 at the end of a word, then one token for each merge in the order in which
 * the merges were learned. So the id of a merged token is also its priority: a lower one is merged first.
 */
final class BytePairVocabulary {

    private static final int BYTES = 256;
    private static final String END_OF_WORD = "</w>";
    private static final int NO_MERGE = Integer.MAX_VALUE;
    /** In place of a token that was merged into the one before it. */
    private static final int GONE = -1;

    /** Token id of a byte inside a word, by unsigned byte value. */
    private final int[] byteIds = new int[BYTES];
    /** The id that two neighbouring tokens merge to, by {@link #pair}. */
    private final Map<Long, Integer> merges;
    /** The bytes of each token; the end of a word is spelled out. */
    private final byte[][] tokenBytes;

    private BytePairVocabulary(List<String> mergeLines) {
        merges = new HashMap<>(2 * mergeLines.size());
        tokenBytes = new byte[2 * BYTES + mergeLines.size()][];
        Map<String, Integer> ids = new HashMap<>(2 * tokenBytes.length);
        addBytes(ids);
        int id = 2 * BYTES;
        for (String line : mergeLines) {
            int blank = line.indexOf(' ');
            int left = ids.get(line.substring(0, blank));
            int right = ids.get(line.substring(blank + 1));
            merges.put(pair(left, right), id);
            ids.put(line.substring(0, blank) + line.substring(blank + 1), id);
            tokenBytes[id] = concat(tokenBytes[left], tokenBytes[right]);
            id++;
        }
    }

    static BytePairVocabulary load() {
        return new BytePairVocabulary(mergeLines());
    }

    /** The merges as OpenAI lists them: two tokens with a blank between. */
    static List<String> mergeLines() {
        return GzipLines.of("bpe_merges.txt.gz");
    }

    /** The tokens by id, as the list of merges writes them. */
    static List<String> writtenTokens(List<String> mergeLines) {
        List<String> bytes = byteOrder().stream().map(ByteText::written).toList();
        List<String> tokens = new ArrayList<>(bytes);
        bytes.forEach(written -> tokens.add(written + END_OF_WORD));
        mergeLines.forEach(line -> tokens.add(line.replace(" ", "")));
        return tokens;
    }

    /** Number of tokens, without the start and end marks. */
    int size() {
        return tokenBytes.length;
    }

    /** The bytes of a token, with {@code </w>} after the last letter of a word. */
    byte[] bytes(int id) {
        return tokenBytes[id];
    }

    /**
     * Merges the neighbours with the highest priority, from left to right, until none can be merged. Takes n log n steps for
     * n letters, since nothing keeps a word of an annotation file from having a million.
     */
    int[] encode(String word) {
        int[] ids = singleBytes(word.getBytes(StandardCharsets.UTF_8));
        int[] previous = IntStream.range(-1, ids.length - 1).toArray();
        int[] next = IntStream.rangeClosed(1, ids.length).toArray();
        PriorityQueue<Long> candidates = new PriorityQueue<>(); // token, then place of its left half
        for (int i = 0; i < ids.length; i++) {
            addCandidate(candidates, ids, i, next[i]);
        }
        while (!candidates.isEmpty()) {
            long candidate = candidates.poll();
            int token = (int) (candidate >>> Integer.SIZE);
            int left = (int) candidate;
            int right = next[left];
            if (merged(ids, left, right) != token) {
                continue; // one of the halves has become part of another token
            }
            ids[left] = token;
            ids[right] = GONE;
            next[left] = next[right];
            if (next[right] < ids.length) {
                previous[next[right]] = left;
            }
            addCandidate(candidates, ids, previous[left], left);
            addCandidate(candidates, ids, left, next[left]);
        }
        return Arrays.stream(ids).filter(id -> id != GONE).toArray();
    }

    private void addCandidate(PriorityQueue<Long> candidates, int[] ids, int left, int right) {
        int token = merged(ids, left, right);
        if (token != NO_MERGE) {
            candidates.add((long) token << Integer.SIZE | left);
        }
    }

    private int merged(int[] ids, int left, int right) {
        return left < 0 || right >= ids.length || ids[left] == GONE ? NO_MERGE : merged(ids[left], ids[right]);
    }

    /** The tokens before anything is merged. */
    int[] singleBytes(byte[] word) {
        int[] ids = new int[word.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = byteIds[word[i] & 0xff];
        }
        ids[ids.length - 1] += BYTES; // the end-of-word twin
        return ids;
    }

    /** The token that two neighbours merge to; a large number if they do not. */
    int merged(int left, int right) {
        return merges.getOrDefault(pair(left, right), NO_MERGE);
    }

    private static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /** A byte, and the visible character that stands for it. */
    private record ByteText(int value, String written) {}

    /**
     * The list of merges is a text, so every byte is written as a visible character: printable Latin-1 stands for itself
     * and comes first; the other bytes follow, written as U+0100, U+0101, ...
     */
    private static List<ByteText> byteOrder() {
        List<ByteText> order = new ArrayList<>();
        for (int value = 0; value < BYTES; value++) {
            if (isPrintable(value)) {
                order.add(new ByteText(value, String.valueOf((char) value)));
            }
        }
        char stand = BYTES;
        for (int value = 0; value < BYTES; value++) {
            if (!isPrintable(value)) {
                order.add(new ByteText(value, String.valueOf(stand++)));
            }
        }
        return order;
    }

    private void addBytes(Map<String, Integer> ids) {
        for (ByteText text : byteOrder()) {
            int id = ids.size() / 2;
            byteIds[text.value] = id;
            ids.put(text.written, id);
            ids.put(text.written + END_OF_WORD, id + BYTES);
            tokenBytes[id] = new byte[] {(byte) text.value};
            tokenBytes[id + BYTES] = concat(tokenBytes[id], END_OF_WORD.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isPrintable(int latin1) {
        return latin1 >= '!' && latin1 <= '~' || latin1 >= 0xa1 && latin1 != 0xad;
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}

package ai.modx.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        return new BytePairVocabulary(GzipLines.of("bpe_merges.txt.gz"));
    }

    /** Number of tokens, without the start and end marks. */
    int size() {
        return tokenBytes.length;
    }

    /** The bytes of a token, with {@code </w>} after the last letter of a word. */
    byte[] bytes(int id) {
        return tokenBytes[id];
    }

    /** Merges the neighbours with the highest priority, everywhere in the word, until none can be merged. */
    int[] encode(String word) {
        int[] ids = singleBytes(word.getBytes(StandardCharsets.UTF_8));
        int length = ids.length;
        while (true) {
            int best = NO_MERGE;
            for (int i = 0; i + 1 < length; i++) {
                best = Math.min(best, merged(ids[i], ids[i + 1]));
            }
            if (best == NO_MERGE) {
                return Arrays.copyOf(ids, length);
            }
            length = merge(ids, length, best);
        }
    }

    private int[] singleBytes(byte[] word) {
        int[] ids = new int[word.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = byteIds[word[i] & 0xff];
        }
        ids[ids.length - 1] += BYTES; // the end-of-word twin
        return ids;
    }

    /** Merges in place, from left to right, the pairs that give {@code token}; returns the new length. */
    private int merge(int[] ids, int length, int token) {
        int out = 0;
        for (int in = 0; in < length; in++) {
            if (in + 1 < length && merged(ids[in], ids[in + 1]) == token) {
                ids[out++] = token;
                in++;
            } else {
                ids[out++] = ids[in];
            }
        }
        return out;
    }

    private int merged(int left, int right) {
        return merges.getOrDefault(pair(left, right), NO_MERGE);
    }

    private static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /**
     * The list of merges is a text, so every byte is written as a visible character: printable Latin-1 stands for itself
     * and comes first; the other bytes follow, written as U+0100, U+0101, ...
     */
    private void addBytes(Map<String, Integer> ids) {
        int id = 0;
        for (int value = 0; value < BYTES; value++) {
            if (isPrintable(value)) {
                addByte(ids, value, (char) value, id++);
            }
        }
        char stand = BYTES;
        for (int value = 0; value < BYTES; value++) {
            if (!isPrintable(value)) {
                addByte(ids, value, stand++, id++);
            }
        }
    }

    private void addByte(Map<String, Integer> ids, int value, char written, int id) {
        byteIds[value] = id;
        ids.put(String.valueOf(written), id);
        ids.put(written + END_OF_WORD, id + BYTES);
        tokenBytes[id] = new byte[] {(byte) value};
        tokenBytes[id + BYTES] = concat(tokenBytes[id], END_OF_WORD.getBytes(StandardCharsets.UTF_8));
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

package ai.modx.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes hostile inputs of good ones. What it knows of a format are two lists: words that mean something in it, and marks behind
 * which its lengths, offsets, counts and flags lie.
 *
 * @param words what is inserted, once or very often
 * @param marks behind which numbers are changed more often than elsewhere
 */
public record Mutator(List<byte[]> words, List<byte[]> marks) {

    private static final int MAX_SIZE = 1 << 19;
    private static final int MAX_REPEATS = 20_000;
    /** No header of the formats is longer. */
    private static final int HEADER = 60;
    private static final long[] NUMBERS = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 32, 63, 64, 65, 100, 127, 128, 255, 256, 1000, 4096, 32767, 32768, 65535, 65536,
        1 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MAX_VALUE - 8L, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 53, 1L << 60, 1L << 61, Long.MAX_VALUE / 8,
        Long.MAX_VALUE - 8, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -8, -127};

    /** A mutator of a format whose words and marks are written in Latin-1. */
    public static Mutator of(List<String> words, List<String> marks) {
        return new Mutator(words.stream().map(Mutator::latin).toList(), marks.stream().map(Mutator::latin).toList());
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** An input made of one of the good ones by one to three changes. */
    byte[] mutate(List<byte[]> seeds, Random random) {
        byte[] input = any(seeds, random);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            input = changed(input, seeds, random);
        }
        return input.length <= MAX_SIZE ? input : Arrays.copyOf(input, MAX_SIZE);
    }

    private byte[] changed(byte[] input, List<byte[]> seeds, Random random) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + length(random));
        return switch (random.nextInt(12)) {
            case 0 -> with(input, at, input.length, new byte[0]); // cut off
            case 1 -> with(input, at, end, new byte[0]);
            case 2 -> with(input, at, at, Arrays.copyOfRange(input, at, end)); // twice
            case 3 -> with(input, at, at, part(any(seeds, random), random));
            case 4 -> overwritten(input, at, new byte[] {(byte) random.nextInt(256)});
            case 5 -> overwritten(input, at, number(random));
            case 6, 7 -> overwritten(input, behindMark(input, random), number(random));
            case 8 -> overwritten(input, at, word(random));
            case 9, 10 -> with(input, at, at, word(random));
            default -> with(input, at, at, repeated(word(random), random));
        };
    }

    /** Mostly short. */
    private static int length(Random random) {
        return 1 + random.nextInt(1 << random.nextInt(12));
    }

    private static byte[] any(List<byte[]> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] word(Random random) {
        return words.isEmpty() ? number(random) : any(words, random);
    }

    private static byte[] part(byte[] whole, Random random) {
        int from = random.nextInt(whole.length + 1);
        return Arrays.copyOfRange(whole, from, Math.min(whole.length, from + length(random)));
    }

    private static byte[] repeated(byte[] word, Random random) {
        int times = 1 + random.nextInt(1 + random.nextInt(MAX_REPEATS));
        ByteBuffer all = ByteBuffer.allocate(Math.min(times, MAX_SIZE / word.length) * word.length);
        while (all.hasRemaining()) {
            all.put(word);
        }
        return all.array();
    }

    /** A number of any width in either byte order. */
    private static byte[] number(Random random) {
        long value = NUMBERS[random.nextInt(NUMBERS.length)];
        ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return switch (random.nextInt(4)) {
            case 0 -> new byte[] {(byte) value};
            case 1 -> ByteBuffer.allocate(2).order(order).putShort((short) value).array();
            case 2 -> ByteBuffer.allocate(4).order(order).putInt((int) value).array();
            default -> ByteBuffer.allocate(8).order(order).putLong(value).array();
        };
    }

    private int behindMark(byte[] input, Random random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < input.length; i++) {
            for (byte[] mark : marks) {
                if (i + mark.length <= input.length && Arrays.equals(input, i, i + mark.length, mark, 0, mark.length)) {
                    places.add(i + mark.length);
                }
            }
        }
        int place = places.isEmpty() ? 0 : places.get(random.nextInt(places.size()));
        return Math.min(input.length, place + random.nextInt(HEADER));
    }

    private static byte[] overwritten(byte[] input, int at, byte[] content) {
        byte[] changed = input.clone();
        System.arraycopy(content, 0, changed, at, Math.min(content.length, input.length - at));
        return changed;
    }

    private static byte[] with(byte[] input, int from, int to, byte[] content) {
        return ByteBuffer.allocate(input.length - (to - from) + content.length)
                .put(input, 0, from).put(content).put(input, to, input.length - to).array();
    }
}

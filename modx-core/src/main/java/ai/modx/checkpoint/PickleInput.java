package ai.modx.checkpoint;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The atoms of a pickle: numbers, texts and bytes. Every length is compared with the bytes that are left before anything is
 * allocated; reading a number behind the end throws {@link java.nio.BufferUnderflowException}.
 */
final class PickleInput {

    private static final int MAX_INTEGER_BYTES = 255;

    private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

    private final ByteBuffer in;
    private final int start;

    /** Reads from the buffer's position and moves it. */
    PickleInput(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.start = in.position();
    }

    /** Bytes up to the end of the buffer. */
    int left() {
        return in.remaining();
    }

    int uint8() {
        return in.get() & 0xff;
    }

    int uint16() {
        return in.getShort() & 0xffff;
    }

    int int32() {
        return in.getInt();
    }

    long uint32() {
        return in.getInt() & 0xffff_ffffL;
    }

    long int64() {
        return in.getLong();
    }

    /** The one kind of number that pickles hold with the high byte first. */
    double real() {
        return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
    }

    /** An integer of that many bytes: a {@link Long} if it fits, else a {@link BigInteger}. */
    Object integer(int length) {
        if (length > MAX_INTEGER_BYTES) {
            throw damaged("has an integer of " + length + " bytes");
        }
        byte[] littleEndian = bytes(length);
        if (littleEndian.length == 0) {
            return 0L;
        }
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        BigInteger value = new BigInteger(bigEndian);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /** A text up to the end of the line. */
    String line() {
        int from = in.position();
        while (in.get() != '\n') {
            // looks for the end of the line
        }
        int length = in.position() - from - 1;
        return StandardCharsets.UTF_8.decode(in.slice(from, length)).toString();
    }

    String text(long length, Charset charset) {
        byte[] text = bytes(length);
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(charset == StandardCharsets.UTF_8 ? withoutSurrogates(text) : text)).toString();
        } catch (CharacterCodingException e) {
            throw damaged("has text that is not " + charset);
        }
    }

    /** Python has halves of characters where a file's name was not UTF-8, and writes them as if they were whole ones. */
    private static byte[] withoutSurrogates(byte[] utf8) {
        for (int i = 0; i + 2 < utf8.length; i++) {
            if (utf8[i] == (byte) 0xed && (utf8[i + 1] & 0xe0) == 0xa0) {
                System.arraycopy(REPLACEMENT, 0, utf8, i, REPLACEMENT.length);
            }
        }
        return utf8;
    }

    byte[] bytes(long length) {
        byte[] bytes = new byte[length(length)];
        in.get(bytes);
        return bytes;
    }

    /** A length after checking that so many bytes are left. */
    int length(long length) {
        if (length < 0 || length > in.remaining()) {
            throw damaged("has a value of " + length + " bytes, but only " + in.remaining() + " are left");
        }
        return (int) length;
    }

    /** The error to throw; it tells where in the pickle the reader stands. */
    FormatException damaged(String what) {
        return new FormatException("the pickle " + what + " at byte " + (in.position() - start) + "; the file is damaged");
    }
}

package ai.modx.torch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The atoms of a pickle: operations, numbers, texts and names. Texts and names are written once and referred to after. */
final class PickleOutput {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> memo = new HashMap<>();

    byte[] bytes() {
        return out.toByteArray();
    }

    void op(int code) {
        out.write(code);
    }

    /** An operation with an argument of one byte. */
    void op(int code, int argument) {
        out.write(code);
        out.write(argument);
    }

    void real(double value) {
        op('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    }

    void integer(long value) {
        if (value >= 0 && value <= 0xff) {
            op('K', (int) value);
        } else if (value >= 0 && value <= 0xffff) {
            op('M');
            out.write((int) value);
            out.write((int) value >> 8);
        } else if (value == (int) value) {
            op('J');
            int32((int) value);
        } else {
            // Always 8 bytes: libtorch accepts no other length here, Python accepts any.
            op(0x8a, 8);
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }
    }

    void integer(BigInteger value) {
        if (value.bitLength() < 64) {
            integer(value.longValue());
            return;
        }
        byte[] bigEndian = value.toByteArray();
        if (bigEndian.length > 255) {
            throw new IllegalArgumentException("Cannot pickle an integer of " + value.bitLength() + " bits");
        }
        op(0x8a, bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            out.write(bigEndian[i]);
        }
    }

    void string(String text) {
        if (recalled("s" + text)) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X');
        int32(utf8.length);
        out.writeBytes(utf8);
        remember("s" + text);
    }

    void global(String module, String name) {
        String line = module + "\n" + name + "\n";
        if (!recalled("g" + line)) {
            op('c');
            out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            remember("g" + line);
        }
    }

    private boolean recalled(String what) {
        Integer index = memo.get(what);
        if (index == null) {
            return false;
        }
        if (index <= 0xff) {
            op('h', index);
        } else {
            op('j');
            int32(index);
        }
        return true;
    }

    private void remember(String what) {
        int index = memo.size();
        memo.put(what, index);
        if (index <= 0xff) {
            op('q', index);
        } else {
            op('r');
            int32(index);
        }
    }

    private void int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
}

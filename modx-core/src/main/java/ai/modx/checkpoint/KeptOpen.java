package ai.modx.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A channel whose owner still has to force it to the disk, passed to a writer that closes what it writes to. */
record KeptOpen(FileChannel channel) implements WritableByteChannel {

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        // the owner closes it
    }
}

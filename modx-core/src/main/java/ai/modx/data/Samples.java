package ai.modx.data;

import java.nio.ByteBuffer;

/** A data set, as far as loading batches goes: what sample {@code index} is in epoch {@code epoch} depends on nothing else. */
public interface Samples {

    /** S: images are [S, S, 3]. */
    int imageSide();

    /** L: tokens of a sample. */
    int contextLength();

    /** What to call a sample in messages: its image file. */
    String name(int index);

    /** A reader with its own scratch memory, for one thread. */
    Reader open();

    /** Loads samples one by one. */
    interface Reader extends AutoCloseable {

        /**
         * Writes one sample into its row of a batch. Other threads write other rows of the same buffers meanwhile.
         *
         * @param images uint8 [B, S, S, 3]; only absolute puts
         * @param tokens [B, L], row-major
         * @param row    which row of the batch
         * @throws DataException if the sample cannot be loaded; it is named
         */
        void read(int epoch, int index, ByteBuffer images, int[] tokens, int row);

        @Override
        void close();
    }
}

package ai.modx.data;

import java.nio.ByteBuffer;
import java.util.List;

/** A data set, as far as loading batches goes: what sample {@code index} is in epoch {@code epoch} depends on nothing else. */
public interface Samples {

    /** N: samples are counted from 0. */
    int size();

    /** S: images are [S, S, 3]. */
    int imageSide();

    /** L: tokens of a sample. */
    int contextLength();

    /** What to call a sample in messages: its image file. */
    String name(int index);

    /** A reader with its own scratch memory, for one thread. */
    Reader open();

    /**
     * Called for every batch, in order, by the thread that takes batches.
     *
     * @param rows of the batch
     * @throws DataException if the run shall end
     */
    default void taken(List<Loaded> rows) {}

    /** Loads samples one by one. */
    interface Reader extends AutoCloseable {

        /**
         * Writes one sample into its row of a batch. Other threads write other rows of the same buffers meanwhile.
         *
         * @param images uint8 [B, S, S, 3]; only absolute puts
         * @param tokens [B, L], row-major
         * @param row    which row of the batch
         * @return which sample it is
         * @throws DataException if the sample cannot be loaded; it is named
         */
        Loaded read(int epoch, int index, ByteBuffer images, int[] tokens, int row);

        @Override
        void close();
    }
}

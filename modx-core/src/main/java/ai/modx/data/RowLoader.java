package ai.modx.data;

/** Gets the rows of batches loaded. */
interface RowLoader extends AutoCloseable {

    /** Has every row of the batch loaded, now or later. */
    void submit(PendingBatch batch);

    /** Returns when nothing is being loaded any more; what was submitted may stay unloaded. */
    @Override
    void close();
}

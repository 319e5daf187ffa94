package ai.modx.data;

/**
 * Which samples the next batch is made of.
 *
 * @param epoch   counted from 0; decides captions
 * @param indices samples of the data set, in the order of the batch's rows; at least one
 */
public record BatchRequest(int epoch, int[] indices) {

    public BatchRequest {
        if (indices.length == 0) {
            throw new IllegalArgumentException("A batch has at least one sample");
        }
        indices = indices.clone();
    }

    @Override
    public int[] indices() {
        return indices.clone();
    }

    int size() {
        return indices.length;
    }

    int index(int row) {
        return indices[row];
    }
}

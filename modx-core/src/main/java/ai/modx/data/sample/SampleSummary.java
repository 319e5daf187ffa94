package ai.modx.data.sample;

/**
 * How many pictures {@link SampleData} wrote to each part of the data set.
 *
 * @param cocoTrain   pictures to train on, first domain
 * @param cocoTest    pictures to test retrieval on, first domain
 * @param flickrTrain pictures to train on, second domain
 * @param flickrVal   pictures held out, second domain
 * @param flickrTest  pictures to test retrieval on, second domain
 * @param folderTrain pictures of the image folder to train on
 * @param folderVal   pictures of the image folder to test on
 * @param classes     classes of the image folder
 */
public record SampleSummary(int cocoTrain, int cocoTest, int flickrTrain, int flickrVal, int flickrTest, int folderTrain,
                            int folderVal, int classes) {

    public int pictures() {
        return cocoTrain + cocoTest + flickrTrain + flickrVal + flickrTest + folderTrain + folderVal;
    }
}

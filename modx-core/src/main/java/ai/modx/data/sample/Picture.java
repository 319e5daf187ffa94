package ai.modx.data.sample;

/**
 * One file of the data set and what it shows.
 *
 * @param folder  where it lies below the image root, with {@code /}; empty for the root itself
 * @param name    its file name
 * @param imageId its number in the annotations, unique within the domain
 */
record Picture(String folder, String name, int imageId, Scene scene) {

    String path() {
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}

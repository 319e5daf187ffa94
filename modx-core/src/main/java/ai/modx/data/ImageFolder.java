package ai.modx.data;

import ai.modx.config.Count;
import ai.modx.config.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Labelled images in the layout of ImageNet, one sub-folder a class: torchvision's {@code ImageFolder}. Classes are numbered in
 * the order of their names; images come class by class, in the order of theirs, those in sub-folders of a class included.
 *
 * @param root    the folder
 * @param classes names of the classes, sorted
 * @param files   the images
 * @param labels  class number of each image
 */
public record ImageFolder(Path root, List<String> classes, List<Path> files, int[] labels) {

    /** What torchvision takes for an image. */
    private static final Set<String> SUFFIXES = Set.of("jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp");

    public ImageFolder {
        classes = List.copyOf(classes);
        files = List.copyOf(files);
        labels = labels.clone();
        if (files.size() != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels for " + files.size() + " images");
        }
    }

    /**
     * Lists a folder.
     *
     * @param flag that named it, for messages
     * @throws DataException if it is missing, has no classes, or one of them has no image
     */
    public static ImageFolder read(String flag, Path root) {
        return read(flag, root, DataProblem.Listener.STRICT);
    }

    /** The same, telling of everything that is wrong. */
    static ImageFolder read(String flag, Path root, DataProblem.Listener problems) {
        if (!Files.isDirectory(root)) {
            throw new DataException(flag + " " + root + " is not a folder. Expected one with a sub-folder of images for each class");
        }
        List<String> classes = list(root).stream().filter(Files::isDirectory).map(path -> path.getFileName().toString()).sorted().toList();
        if (classes.isEmpty()) {
            throw withoutClasses(flag, root);
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            List<Path> images = images(root.resolve(classes.get(label)));
            if (images.isEmpty()) {
                problems.found(new DataProblem(Defect.CLASS_WITHOUT_IMAGE, flag + " " + root, "class " + classes.get(label) + " has no image ("
                        + String.join(", ", SUFFIXES.stream().sorted().toList()) + "). Add images, or remove the folder from the training and validation data"));
            }
            files.addAll(images);
            labels.addAll(Collections.nCopies(images.size(), label));
        }
        return new ImageFolder(root, classes, files, labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static DataException withoutClasses(String flag, Path root) {
        long images = list(root).stream().filter(ImageFolder::isImage).count();
        return new DataException(flag + " " + root + " has " + (images == 0 ? "no sub-folders" : Count.of(images, "image") + ", but no class folders")
                + ". Expected one sub-folder for each class" + (images == 0 ? "" : "; ImageNet's validation archive unpacks flat: "
                + "sort its images into folders by their labels, as the scripts that are known as valprep do"));
    }

    /**
     * All images in a folder and the folders in it, in the order of their names, folder by folder.
     *
     * @throws DataException if it cannot be listed
     */
    public static List<Path> images(Path folder) {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            // torchvision goes folder by folder
            return files.filter(file -> isImage(file) && Files.isRegularFile(file))
                    .sorted(Comparator.comparing((Path file) -> file.getParent().toString()).thenComparing(file -> file.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw unlistable(folder, e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw unlistable(folder, e);
        }
    }

    private static DataException unlistable(Path folder, Exception cause) {
        return new DataException("Folder " + folder + " cannot be listed: " + FileProblem.of(cause) + ". Check its permissions", cause);
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Number of images. */
    public int size() {
        return files.size();
    }

    @Override
    public int[] labels() {
        return labels.clone();
    }

    /** The images with these numbers, in this order; the classes stay. */
    public ImageFolder select(int[] indices) {
        return new ImageFolder(root, classes, Arrays.stream(indices).mapToObj(files::get).toList(), Arrays.stream(indices).map(i -> labels[i]).toArray());
    }

    /** Eight hex digits that differ for different names or classes. */
    public String fingerprint() {
        CRC32C digest = new CRC32C();
        for (int i = 0; i < files.size(); i++) {
            digest.update((classes.get(labels[i]) + "/" + files.get(i).getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return String.format("%08x", digest.getValue());
    }
}

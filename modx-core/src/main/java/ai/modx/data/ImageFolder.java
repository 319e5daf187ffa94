package ai.modx.data;

import ai.modx.config.Count;
import ai.modx.config.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);

    /** What torchvision takes for an image. */
    private static final Set<String> SUFFIXES = Set.of("jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp");

    /** Folders that others than the data's maker add, of names without a dot in front. */
    private static final Set<String> HIDDEN = Set.of("__MACOSX", "@eaDir", "@Recycle", "#recycle", "#snapshot", "$RECYCLE.BIN",
            "System Volume Information", "lost+found");

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
        List<String> classes = new ArrayList<>();
        for (Path entry : list(root)) {
            if (Files.isDirectory(entry)) {
                classes.add(entry.getFileName().toString());
            } else if (leadsNowhere(entry)) {
                problems.found(new DataProblem(Defect.CLASS_WITHOUT_IMAGE, flag + " " + root, entry.getFileName()
                        + " is a link to something that does not exist. Mend it if it is a class's, else remove it"));
            }
        }
        if (classes.isEmpty()) {
            throw withoutClasses(flag, root);
        }
        Collections.sort(classes);
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
     * All images in a folder and the folders in it, in the order of their names, folder by folder. Hidden files and folders are left
     * out. A link that leads nowhere counts as an image, whatever its name: what it stood for is missing.
     *
     * @throws DataException if it cannot be listed
     */
    public static List<Path> images(Path folder) {
        List<Path> images = new ArrayList<>();
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return !directory.equals(folder) && isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!isHidden(file) && (isImage(file) || leadsNowhere(file))) {
                        images.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (!file.equals(folder) && isHidden(file)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw unlistable(folder, e);
        }
        // torchvision goes folder by folder
        images.sort(Comparator.comparing((Path file) -> file.getParent().toString()).thenComparing(file -> file.getFileName().toString()));
        return images;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !isHidden(file)).toList();
        } catch (IOException | UncheckedIOException e) {
            throw unlistable(folder, e);
        }
    }

    /** What Jupyter, Git, macOS, and the makers of disk boxes put between the files of others. */
    private static boolean isHidden(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") || HIDDEN.contains(name);
    }

    private static boolean leadsNowhere(Path file) {
        return Files.isSymbolicLink(file) && !Files.exists(file);
    }

    private static DataException unlistable(Path folder, Exception cause) {
        return new DataException("Folder " + folder + " cannot be listed: " + FileProblem.of(cause) + ". Check its permissions", cause);
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Says that there is nothing to tell apart, if so. */
    public void warnOfSingleClass(String flag) {
        if (classes.size() == 1) {
            LOG.warn("{} {} has a single class, {}: whatever the model, 100 % are right, which means nothing", flag, root, classes.get(0));
        }
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

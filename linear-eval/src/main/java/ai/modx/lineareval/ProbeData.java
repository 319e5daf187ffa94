package ai.modx.lineareval;

import ai.modx.config.ConfigException;
import ai.modx.data.DataException;
import ai.modx.data.ImageFolder;
import ai.modx.data.ListFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images to train and to evaluate the classifier on, with the same classes.
 *
 * @param train      training images
 * @param validation all validation images
 */
record ProbeData(ImageFolder train, ImageFolder validation) {

    private static final int WHOLE = 100;
    /** In place of an image's number. */
    private static final int ABSENT = -1;
    private static final int AMBIGUOUS = -2;

    /**
     * Reads both folders.
     *
     * @param percent of the training images: 100, or 10 or 1 with a list
     * @param list    the files of that part
     * @throws ConfigException if percentage and list contradict one another
     * @throws DataException   if a folder or the list is not as expected, or the classes differ
     */
    static ProbeData read(Path trainDir, Path valDir, int percent, Optional<Path> list) {
        if (percent != WHOLE && percent != 10 && percent != 1) {
            throw new ConfigException("--train-percent " + percent + ": expected 100, 10 or 1");
        }
        if (percent != WHOLE && list.isEmpty()) {
            throw new ConfigException("--train-percent " + percent + " needs --train_files LIST: a text file with one image a line, such as SimCLR's "
                    + "imagenet_subsets/" + percent + "percent.txt; nothing is downloaded");
        }
        if (percent == WHOLE && list.isPresent()) {
            throw new ConfigException("--train_files " + list.get() + " is for --train-percent 10 or 1; leave one of them out");
        }
        ImageFolder train = ImageFolder.read("--train_dir", trainDir);
        ImageFolder validation = ImageFolder.read("--val_dir", valDir);
        requireSameClasses(train, validation);
        train.warnOfSingleClass("--train_dir");
        return new ProbeData(list.map(file -> listed(train, file)).orElse(train), validation);
    }

    private static void requireSameClasses(ImageFolder train, ImageFolder validation) {
        if (!train.classes().equals(validation.classes())) {
            throw new DataException("--val_dir " + validation.root() + " does not have the classes of --train_dir " + train.root() + ": "
                    + some("missing ", without(train, validation)) + some("unexpected ", without(validation, train))
                    + train.classes().size() + " against " + validation.classes().size() + " folders. Both need a folder for every class");
        }
    }

    private static List<String> without(ImageFolder folder, ImageFolder other) {
        return folder.classes().stream().filter(name -> !other.classes().contains(name)).toList();
    }

    private static String some(String what, List<String> names) {
        return names.isEmpty() ? "" : what + names.get(0) + (names.size() > 1 ? " (and " + (names.size() - 1) + " more)" : "") + "; ";
    }

    /** The images of a list, one name a line: with its class folder in front, or alone, as in SimCLR's lists. */
    private static ImageFolder listed(ImageFolder all, Path list) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Path file = all.files().get(i);
            numbers.put(all.root().relativize(file).toString().replace('\\', '/'), i);
            // A name that occurs in two classes is ambiguous without its folder.
            numbers.merge(file.getFileName().toString(), i, (a, b) -> AMBIGUOUS);
        }
        List<Integer> chosen = new ArrayList<>();
        ListFile listed = ListFile.read("--train_files", list, "a text file with one image a line");
        for (ListFile.Entry entry : listed.entries()) {
            String name = entry.text().strip().replace('\\', '/');
            int number = numbers.getOrDefault(name, ABSENT);
            if (number < 0) {
                throw listed.error(entry, name + (number == AMBIGUOUS ? " is in more than one class of" : " is not in")
                        + " --train_dir " + all.root()
                        + ". Expected the name of an image there, or CLASS/NAME");
            }
            chosen.add(number);
        }
        return all.select(chosen.stream().mapToInt(Integer::intValue).toArray());
    }
}

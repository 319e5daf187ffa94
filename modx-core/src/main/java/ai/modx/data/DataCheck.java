package ai.modx.data;

import ai.modx.config.FileProblem;
import ai.modx.data.image.ImageTransform;
import ai.modx.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds all that is wrong with data sets: reads them as training does, loads every image, and goes on after every problem. */
public final class DataCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DataCheck.class);

    /** S; whether an image can be loaded hardly depends on it. */
    private static final int SIDE = 224;

    private static final int QUOTED = 60;

    private final ClipTokenizer tokenizer;
    private final int contextLength;
    private final int threads;
    private final List<DataReport.Part> parts = new ArrayList<>();
    private final List<DataProblem> problems = new ArrayList<>();

    /**
     * @param contextLength tokens that a model takes, marks included
     * @param threads       that load images
     */
    public DataCheck(ClipTokenizer tokenizer, int contextLength, int threads) {
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        this.threads = threads;
    }

    /**
     * Checks images with captions.
     *
     * @param splits of Karpathy's format; empty: all
     */
    public void captions(Path annotationFile, Path imageDir, Set<String> splits) {
        CaptionDataset data;
        try {
            data = AnnotationFormat.of(annotationFile).read(annotationFile, imageDir, splits, problems::add);
        } catch (DataException e) {
            problems.add(DataProblem.of(Defect.BROKEN_FILE, annotationFile.toString(), e));
            parts.add(new DataReport.Part(annotationFile.toString(), 0, 0));
            return;
        }
        parts.add(new DataReport.Part(annotationFile.toString(), data.size(), data.captionCount()));
        Set<Path> files = new HashSet<>();
        for (CaptionedImage item : data.items()) {
            if (!files.add(item.file())) {
                found(Defect.REPEATED_FILE, item.file(), "is listed twice in " + annotationFile);
            }
            checkCaptions(item);
        }
        checkImages(data.files().stream().distinct().toList(), ImageView.of(ImageTransform.clip(SIDE)));
    }

    /** Checks labelled images, one sub-folder a class. */
    public void folder(String flag, Path root) {
        try {
            ImageFolder folder = ImageFolder.read(flag, root, problems::add);
            parts.add(new DataReport.Part(root.toString(), folder.size(), 0));
            checkImages(folder.files(), ImageView.centred(ImageTransform.linearEvaluation(SIDE)));
        } catch (DataException e) {
            problems.add(DataProblem.of(Defect.BROKEN_FILE, root.toString(), e));
            parts.add(new DataReport.Part(root.toString(), 0, 0));
        }
    }

    /** All that was checked, and what was found. */
    public DataReport report() {
        return new DataReport(parts, problems);
    }

    private void found(Defect defect, Path file, String what) {
        problems.add(new DataProblem(defect, file.toString(), what));
    }

    private void checkCaptions(CaptionedImage item) {
        Set<String> seen = new HashSet<>();
        for (String caption : item.captions()) {
            int tokens = tokenizer.encode(caption).length + 2;
            if (tokens == 2) {
                found(Defect.EMPTY_CAPTION, item.file(), "has a caption without a word: '" + caption + "'");
            } else if (!seen.add(caption)) {
                found(Defect.REPEATED_CAPTION, item.file(), "has a caption twice: " + quoted(caption));
            } else if (tokens > contextLength) {
                found(Defect.LONG_CAPTION, item.file(), "has a caption of " + tokens + " tokens, of which " + contextLength + " are read: " + quoted(caption));
            }
        }
    }

    private static String quoted(String caption) {
        return caption.length() <= QUOTED ? caption : caption.substring(0, QUOTED) + "...";
    }

    private void checkImages(List<Path> files, ImageView view) {
        LOG.info("Loading {} images with {} threads", files.size(), threads);
        SortedMap<Integer, BadImageException> bad = ImageInspection.load(files, view, threads);
        bad.values().forEach(image -> found(image.defect(), image.file(), image.problem()));
        List<Path> good = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (!bad.containsKey(i)) {
                good.add(files.get(i));
            }
        }
        ImageInspection.clipped(good).values().forEach(image -> found(image.defect(), image.file(), image.problem()));
        findEqualFiles(good);
    }

    /** Only files of equal size are read for it. */
    private void findEqualFiles(List<Path> files) {
        try {
            Map<Long, List<Path>> bySize = new LinkedHashMap<>();
            for (Path file : files) {
                bySize.computeIfAbsent(Files.size(file), size -> new ArrayList<>()).add(file);
            }
            for (List<Path> alike : bySize.values()) {
                Map<String, Path> first = new HashMap<>();
                for (Path file : alike.size() > 1 ? alike : List.<Path>of()) {
                    Path equal = first.putIfAbsent(digest(file), file);
                    if (equal != null) {
                        found(Defect.EQUAL_FILE, file, "has the content of " + equal);
                    }
                }
            }
        } catch (IOException e) {
            throw new DataException("Images cannot be compared: " + FileProblem.of(e), e);
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package ai.modx.data.sample;

import ai.modx.config.ConfigException;
import ai.modx.config.FileProblem;
import ai.modx.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates the sample data set: {@code coco/}, {@code flickr/}, {@code folder/} and a README. Equal settings give equal
 * bytes on the same JDK.
 */
public final class SampleData {

    private static final Logger LOG = LoggerFactory.getLogger(SampleData.class);

    private final SampleSettings settings;

    public SampleData(SampleSettings settings) {
        this.settings = settings;
    }

    /**
     * Writes everything below a new or empty folder; annotations come after their pictures, so that a data set that was cut off
     * is not mistaken for a whole one.
     *
     * @throws ConfigException      if there is something at {@code out} already
     * @throws UncheckedIOException if the disk refuses
     */
    public SampleSummary write(Path out) {
        requireFree(out);
        SampleSummary summary = summary();
        try {
            LOG.info("coco/: drawing {} + {} pictures", summary.cocoTrain(), summary.cocoTest());
            new CocoSample(settings).write(Files.createDirectories(out.resolve("coco")));
            LOG.info("flickr/: drawing {} + {} + {} pictures", summary.flickrTrain(), summary.flickrVal(), summary.flickrTest());
            new FlickrSample(settings).write(Files.createDirectories(out.resolve("flickr")));
            LOG.info("folder/: drawing {} + {} pictures", summary.folderTrain(), summary.folderVal());
            new FolderSample(settings).write(Files.createDirectories(out.resolve("folder")));
            byte[] readme = readme().getBytes(StandardCharsets.UTF_8);
            SampleFile.write(out.resolve("README.txt"), to -> to.write(readme));
        } catch (IOException e) {
            throw new UncheckedIOException("--out " + out + ": cannot write " + FileProblem.withFile(e)
                    + ". What was written so far is incomplete; delete it and try again.", e);
        }
        return summary;
    }

    private SampleSummary summary() {
        return new SampleSummary(settings.images(), settings.testImages(), settings.images(), settings.valImages(),
                settings.testImages(), settings.images(), settings.folderValImages(), settings.folderClasses());
    }

    private static void requireFree(Path out) {
        if (!Files.exists(out)) {
            return;
        }
        if (!Files.isDirectory(out)) {
            throw new ConfigException("--out " + out + " is a file; give a new or empty folder.");
        }
        firstEntry(out).ifPresent(entry -> {
            throw new ConfigException("--out " + out + " is not empty (it holds " + entry.getFileName()
                    + "); give a new or empty folder.");
        });
    }

    private static Optional<Path> firstEntry(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.min(Path::compareTo);
        } catch (IOException e) {
            throw new DataException("--out " + folder + ": cannot look into the folder (" + FileProblem.of(e) + ").", e);
        }
    }

    private String readme() throws IOException {
        try (InputStream text = SampleData.class.getResourceAsStream("README.txt")) {
            if (text == null) {
                throw new IllegalStateException("Resource README.txt is missing from the jar");
            }
            String classes = Stream.of(Figure.values()).map(Figure::word).collect(Collectors.joining(", "));
            return String.format(Locale.ROOT, new String(text.readAllBytes(), StandardCharsets.UTF_8), settings.images(),
                    settings.seed(), settings.imageSize(), classes);
        }
    }
}

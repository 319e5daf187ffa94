package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrievalReportTest {

    private static final RetrievalMetrics HALF = new RetrievalMetrics(new RankMetrics(75, 100, 100, 1, 1.25), new RankMetrics(80, 100, 100, 1, 1.5), 4, 20);

    @TempDir
    Path dir;

    /** A result with the given R@1. */
    static RetrievalResult result(double i2t, double t2i, int images) {
        return new RetrievalResult(new RetrievalMetrics(new RankMetrics(i2t, 2 * i2t, 2.5 * i2t, 12, 30.5),
                new RankMetrics(t2i, 2 * t2i, 2.5 * t2i, 20, 40.25), images, 5 * images), Optional.empty());
    }

    @Test
    void jsonHasTheNamesThatScriptsExpect() {
        RetrievalReport report = new RetrievalReport(Map.of("coco", result(50, 25, 8)));

        assertThat(report.toJson()).isEqualToIgnoringWhitespace("""
                {"coco": {"i2t": {"r1": 50.0, "r5": 100.0, "r10": 125.0, "medr": 12.0, "meanr": 30.5},
                          "t2i": {"r1": 25.0, "r5": 50.0, "r10": 62.5, "medr": 20.0, "meanr": 40.25},
                          "rsum": 412.5, "images": 8, "captions": 40}}""");
    }

    @Test
    void whatWasWrittenIsReadBack() {
        RetrievalReport report = withFolds();
        Path file = dir.resolve("R.json");

        report.write(file);

        assertThat(RetrievalReport.read(file)).isEqualTo(report);
        assertThat(RetrievalReport.read(file).results().keySet()).containsExactly("flickr", "coco");
    }

    @Test
    void textIsATable() {
        assertThat(withFolds().toText()).isEqualTo("""
                | data set              | images | captions | i2t R@1 |   R@5 |  R@10 | medr | meanr | t2i R@1 |   R@5 |  R@10 | medr | meanr |  rsum |
                |-----------------------|-------:|---------:|--------:|------:|------:|-----:|------:|--------:|------:|------:|-----:|------:|------:|
                | flickr                |      3 |       15 |    30.0 |  60.0 |  75.0 | 12.0 |  30.5 |    20.0 |  40.0 |  50.0 | 20.0 |  40.3 | 275.0 |
                | coco                  |      4 |       20 |    40.0 |  80.0 | 100.0 | 12.0 |  30.5 |    20.0 |  40.0 |  50.0 | 20.0 |  40.3 | 330.0 |
                | coco, mean of 2 folds |      4 |       20 |    75.0 | 100.0 | 100.0 |  1.0 |   1.3 |    80.0 | 100.0 | 100.0 |  1.0 |   1.5 | 555.0 |
                """);
    }

    @Test
    void anotherFileIsRefusedInOneSentence() throws IOException {
        Path file = Files.writeString(dir.resolve("other.json"), "{\"coco\": {\"images\": 3, \"captions\": 4, \"i2t\": {\"r1\": 1}}}");

        assertThatExceptionOfType(DataException.class).isThrownBy(() -> RetrievalReport.read(file))
                .withMessage(file + " cannot be read: 'coco.i2t' has no number 'r5'. Expected a report of the retrieval evaluation");
    }

    @Test
    void aByteOrderMarkIsSkippedAndASecondReportRefused() throws IOException {
        String json = withFolds().toJson();
        Path file = Files.writeString(dir.resolve("R.json"), "\ufeff" + json);
        assertThat(RetrievalReport.read(file)).isEqualTo(withFolds());
        Files.writeString(file, json + json);
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> RetrievalReport.read(file)).withMessageStartingWith(file + " is not JSON: ")
                .withMessageContaining("Trailing token");
    }

    @Test
    void brokenAndMissingFilesAreNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("broken.json"), "{\"coco\": ");
        Path absent = dir.resolve("absent.json");

        assertThatExceptionOfType(DataException.class).isThrownBy(() -> RetrievalReport.read(file)).withMessageStartingWith(file + " is not JSON: ");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> RetrievalReport.read(absent))
                .withMessage(absent + ": no such file. Expected a report of the retrieval evaluation");
    }

    private static RetrievalReport withFolds() {
        Map<String, RetrievalResult> results = new LinkedHashMap<>();
        results.put("flickr", result(30, 20, 3));
        results.put("coco", new RetrievalResult(result(40, 20, 4).metrics(), Optional.of(new RetrievalResult.Folds(2, HALF))));
        return new RetrievalReport(results);
    }
}

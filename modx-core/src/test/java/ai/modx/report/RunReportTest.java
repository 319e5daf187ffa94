package ai.modx.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.eval.MethodComparison;
import ai.modx.eval.RankMetrics;
import ai.modx.eval.ResultsMatrix;
import ai.modx.eval.RetrievalMetrics;
import ai.modx.eval.RetrievalReport;
import ai.modx.eval.RetrievalResult;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RunReportTest {

    private static final String HOSTILE = "<script>alert('x')</script>\"&";

    @TempDir
    Path dir;

    @BeforeEach
    void writeARun() throws IOException {
        StringBuilder metrics = new StringBuilder();
        for (int step = 1; step <= 1000; step++) {
            metrics.append("{\"epoch\":").append((step - 1) / 100).append(",\"global_step\":").append(step).append(",\"lr\":").append(step == 1000 ? 0 : 5e-4)
                    .append(",\"loss\":").append(step == 500 ? 123.4567 : 10.0 / step).append(",\"step_s\":0.25,\"pairs_per_s\":128.5}\n");
        }
        Files.writeString(dir.resolve("metrics.jsonl"), metrics);
        Files.writeString(dir.resolve("run.json"), "{\"arguments\":[\"--train_dir\",\"" + HOSTILE.replace("\"", "\\\"") + "\"],\"command\":\"joint-train\","
                + "\"model_name\":\"tiny\",\"images\":2288,\"captions\":12113,\"total_steps\":1000,\"flags\":{\"seed\":\"11\"},\"libtorch\":\"2.7.1\"}");
        Files.writeString(dir.resolve("eval.jsonl"), evaluation(100, 10) + evaluation(1000, 43.25));
    }

    private static String evaluation(int step, double recall) {
        return "{\"epoch\":0,\"global_step\":" + step + ",\"rsum\":1,\"retrieval\":" + report(recall).toJson().replaceAll("\\s", "") + "}\n";
    }

    private static RetrievalReport report(double recall) {
        RankMetrics ranks = new RankMetrics(recall, recall, recall, 1, 2);
        return new RetrievalReport(Map.of("coco", new RetrievalResult(new RetrievalMetrics(ranks, ranks, 4, 20), Optional.empty())));
    }

    @Test
    void figuresAreThoseOfTheLogs() throws Exception {
        RunReport.writeInto(dir);

        Document page = parse(dir.resolve("report.html"));
        Map<String, String> facts = new HashMap<>();
        IntStream.range(0, elements(page, "dt").size()).forEach(i -> facts.put(elements(page, "dt").get(i).getTextContent(), elements(page, "dd").get(i).getTextContent()));
        assertThat(facts).containsEntry("command", "joint-train").containsEntry("images", "2,288").containsEntry("captions", "12,113")
                .containsEntry("steps", "1,000 of 1,000").containsEntry("time in steps", "4 min 10 s").containsEntry("pairs/s, median", "128.5")
                .containsEntry("last loss", "0.01").containsEntry("R@1 on coco", "i2t 43.3, t2i 43.3");
        assertThat(rows(page)).contains(List.of("loss", "1,000", "10", "0.01", "123.457", "0.01"), List.of("seed", "11"), List.of("libtorch", "2.7.1"));
    }

    @Test
    void everyChartSaysWhatItShows() throws Exception {
        RunReport.writeInto(dir);

        Document page = parse(dir.resolve("report.html"));
        assertThat(elements(page, "figcaption")).extracting(Element::getTextContent).containsExactly("coco, image to text, R@1, 5 and 10, %",
                "coco, text to image, R@1, 5 and 10, %", "Loss log scale", "Learning rate", "Throughput, pairs/s", "Time of a step, s");
        assertThat(elements(page, "desc")).extracting(Element::getTextContent)
                .contains("loss: 1000 values, first 10, last 0.01, lowest 0.01, highest 123.457", "R@1: 2 values, first 10, last 43.25, lowest 10, highest 43.25; "
                        + "R@5: 2 values, first 10, last 43.25, lowest 10, highest 43.25; R@10: 2 values, first 10, last 43.25, lowest 10, highest 43.25");
        assertThat(elements(page, "path")).extracting(path -> path.getAttribute("class")).contains("band k0", "line k0");
    }

    @Test
    void nothingFromAFileIsMarkupAndNothingIsLoaded() throws Exception {
        Files.writeString(dir.resolve("metrics.jsonl"), "{\"global_step\":1,\"<img src=x onerror=1>\":1}\n");
        FoundImages found = new FoundImages(HOSTILE, HOSTILE, List.of(new FoundImages.Query(HOSTILE, 1,
                List.of(new FoundImages.Hit(Path.of("<b>.jpg"), 0.5, true, "data:image/jpeg;base64,AAAA")))));
        Path out = dir.resolve("out.html");

        new RunReport(List.of(RunLog.read(HOSTILE, dir)), Optional.empty(), List.of(found)).write(out);

        String page = Files.readString(out);
        assertThat(page).doesNotContain("<script", "<img src=x", "<b>", "http:", "https:", "@import", "url(");
        Document parsed = parse(out);
        assertThat(elements(parsed, "q")).extracting(Element::getTextContent).containsExactly(HOSTILE);
        assertThat(elements(parsed, "img")).extracting(image -> image.getAttribute("alt")).containsExactly("right: <b>.jpg");
        assertThat(elements(parsed, "pre").get(0).getTextContent()).isEqualTo("joint-train --train_dir '<script>alert('\\''x'\\'')</script>\"&'");
    }

    @Test
    void severalRunsAndTheirMethodsAreSideBySide() throws Exception {
        ResultsMatrix plain = new ResultsMatrix("plain", Set.of(), List.of(new ResultsMatrix.Stage("before", report(60)),
                new ResultsMatrix.Stage("phase 1", report(70)), new ResultsMatrix.Stage("phase 2", report(25.5))));
        ResultsMatrix bound = new ResultsMatrix("bound", Set.of(), List.of(new ResultsMatrix.Stage("end", report(80))));
        Path out = dir.resolve("out.html");

        new RunReport(List.of(RunLog.read("plain", dir), RunLog.read("other", dir)), Optional.of(new MethodComparison(List.of(plain, bound))), List.of()).write(out);

        Document page = parse(out);
        assertThat(rows(page)).contains(List.of("before", "60.0 / 60.0 / 60.0", "60.0 / 60.0 / 60.0"), List.of("bound", "80.0 / 80.0 / 80.0", "80.0 / 80.0 / 80.0"),
                List.of("phase 2", "25.5", "25.5", "25.5"), List.of("forgetting", "44.5", "44.5", "44.5"), List.of("backward transfer", "-34.5", "-34.5", "-34.5"));
        assertThat(elements(page, "desc").get(0).getTextContent()).isEqualTo(
                "plain: 3 values, first 60, last 25.5, lowest 25.5, highest 70; bound: 3 values, first 80, last 80, lowest 80, highest 80");
        assertThat(elements(page, "figcaption")).extracting(Element::getTextContent).contains("coco, image to text, R@1, %", "Loss log scale");
        assertThat(elements(page, "li").stream().map(item -> item.getTextContent() + ": " + elements(item.getElementsByTagName("path")).get(0).getAttribute("class")))
                .as("the same colour wherever it has the same name").containsOnly("plain: line k0", "other: line k1", "bound: line k2");
    }

    @Test
    void aRunThatHasJustBegunHasAPageToo() throws Exception {
        Files.writeString(dir.resolve("metrics.jsonl"), "");
        Files.delete(dir.resolve("eval.jsonl"));
        Files.writeString(dir.resolve("run.json"), "{");

        RunReport.writeInto(dir);

        Document page = parse(dir.resolve("report.html"));
        assertThat(elements(page, "figure")).isEmpty();
        assertThat(elements(page, "dt")).extracting(Element::getTextContent).containsExactly("command", "model", "steps", "time in steps");
        assertThat(elements(page, "p")).extracting(Element::getTextContent).anyMatch(text -> text.startsWith(dir.resolve("run.json") + " is damaged: "));
    }

    @Test
    void showsWhatSomebodyWouldCompareOfSeveralRuns() throws Exception {
        String classes = IntStream.range(0, 100).mapToObj(i -> "\"class " + i + "\"").collect(Collectors.joining(",", "[", "]"));
        Path plain = run("plain", "{\"command\":\"continual-train\",\"seed\":0,\"num_phases\":3,\"data\":\"a\",\"libtorch\":\"2.7.1\",\"flags\":{\"num_phases\":\"3\","
                + "\"train_dir\":\"plain\",\"train_splits\":[\"train\",\"val\"]},\"saved_checkpoints\":\"/runs/plain\"}");
        Path modx = run("modx", "{\"command\":\"modx-train\",\"seed\":0,\"num_phases\":5,\"data\":\"b\",\"libtorch\":\"2.7.1\",\"flags\":{\"num_phases\":\"5\","
                + "\"train_dir\":\"modx\",\"train_splits\":[\"train\",\"val\"]},\"saved_checkpoints\":\"/runs/modx\",\"alpha\":20.0}");
        Path probe = run("probe", "{\"flags\":{\"train_dir\":\"images\"},\"identity\":{\"--seed\":\"1\"},\"classes\":" + classes + "}");
        Path out = dir.resolve("out.html");

        new RunReport(List.of(RunLog.read("plain", plain), RunLog.read("modx", modx), RunLog.read("probe", probe)), Optional.empty(), List.of()).write(out);

        Document page = parse(out);
        List<Element> tables = elements(page, "table").stream().filter(table -> table.getTextContent().contains("setting")).toList();
        assertThat(rows(tables.get(0))).containsExactly(List.of("setting", "plain", "modx", "probe"), List.of("command", "continual-train", "modx-train", "–"),
                List.of("num_phases", "3", "5", "–"), List.of("alpha", "–", "20.0", "–"));
        assertThat(rows(tables.get(1))).contains(List.of("data", "a", "b", "–"), List.of("saved_checkpoints", "/runs/plain", "/runs/modx", "–"),
                List.of("train_splits", "train, val", "train, val", "–"), List.of("seed", "0", "0", "1"), List.of("train_dir", "–", "–", "images"));
        Element cut = elements(page, "td").stream().filter(cell -> cell.hasAttribute("title")).findFirst().orElseThrow();
        assertThat(cut.getTextContent()).startsWith("class 0, class 1, ").endsWith(" …").hasSizeLessThan(250);
        assertThat(cut.getAttribute("title")).endsWith("class 98, class 99");
    }

    @Test
    void shortPhasesBesideALongRunHaveWordsOnlyWhereThereIsRoom() throws Exception {
        Path phased = Files.createDirectory(dir.resolve("phased"));
        for (int phase = 1; phase <= 3; phase++) {
            Path folder = Files.createDirectory(phased.resolve("phase_" + phase));
            Files.writeString(folder.resolve("run.json"), "{\"command\":\"modx-train\",\"images\":44,\"captions\":" + (phase == 3 ? 90 : 88) + ",\"total_steps\":20}");
            Files.writeString(folder.resolve("metrics.jsonl"), "{\"global_step\":1,\"loss\":1}\n{\"global_step\":20,\"loss\":2}\n");
        }
        Path out = dir.resolve("out.html");

        new RunReport(List.of(RunLog.read("phased", phased)), Optional.empty(), List.of()).write(out);
        assertThat(phases(parse(out))).containsExactly("phase 1", "phase 2", "phase 3");
        new RunReport(List.of(RunLog.read("phased", phased), RunLog.read("joint", dir)), Optional.empty(), List.of()).write(out);

        Document page = parse(out);
        assertThat(phases(page)).containsOnly("phase 1");
        assertThat(elements(page, "path")).extracting(path -> path.getAttribute("class")).contains("mark");
        assertThat(elements(page, "dt")).extracting(Element::getTextContent).contains("images, all phases", "captions, all phases", "images", "captions");
        assertThat(elements(page, "dd")).extracting(Element::getTextContent).contains("132", "266", "60 of 60");
        assertThat(rows(page)).contains(List.of("images", "44 in each phase", "2288"), List.of("captions", "88 · 88 · 90", "12113"));
    }

    private static List<String> phases(Document page) {
        return elements(page, "text").stream().map(Element::getTextContent).filter(text -> text.startsWith("phase")).toList();
    }

    private Path run(String name, String description) throws IOException {
        Path folder = Files.createDirectory(dir.resolve(name));
        Files.writeString(folder.resolve("run.json"), description);
        return folder;
    }

    /** As XML, which the page is but for its two elements without an end. */
    private static Document parse(Path file) throws Exception {
        String page = Files.readString(file);
        assertThat(page).startsWith("<!doctype html>\n<html lang=\"en\">");
        String xml = page.substring(page.indexOf('\n')).replaceAll("<(meta|img)( [^>]*)>", "<$1$2/>");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml.strip())));
    }

    private static List<Element> elements(Document page, String name) {
        return elements(page.getElementsByTagName(name));
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
    }

    private static List<List<String>> rows(Document page) {
        return rows(page.getDocumentElement());
    }

    private static List<List<String>> rows(Element part) {
        List<List<String>> rows = new ArrayList<>();
        elements(part.getElementsByTagName("tr")).forEach(row -> {
            NodeList cells = row.getChildNodes();
            rows.add(IntStream.range(0, cells.getLength()).mapToObj(i -> cells.item(i).getTextContent()).toList());
        });
        return rows;
    }
}

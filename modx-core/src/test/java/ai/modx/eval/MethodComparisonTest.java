package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodComparisonTest {

    private static final MethodComparison COMPARISON =
            new MethodComparison(List.of(PaperNumbers.PLAIN, PaperNumbers.MODX, PaperNumbers.JOINT));

    @TempDir
    Path dir;

    @Test
    void tableHasTheStartOnceAndTheEndOfEveryMethod() {
        assertThat(COMPARISON.toText().lines().map(line -> line.substring(0, 33))).containsExactly(
                "| R@1/R@5/R@10 |     flickr i2t |",
                "|--------------|---------------:|",
                "| before       | 16.9/33.8/42.3 |",
                "| continual    | 20.6/41.2/51.5 |",
                "| modx         | 27.9/55.8/69.8 |",
                "| joint        | 30.1/60.2/75.3 |");
        assertThat(COMPARISON.toText().lines().findFirst()).hasValueSatisfying(header ->
                assertThat(header).containsSubsequence("flickr i2t", "coco i2t", "flickr t2i", "coco t2i"));
    }

    @Test
    void differentStartsAreToldApart() {
        ResultsMatrix other = new ResultsMatrix("other", Set.of("flickr"), PaperNumbers.MODX.stages().subList(1, 4));

        assertThat(new MethodComparison(List.of(PaperNumbers.PLAIN, other)).toText()).contains("| continual, before |", "| other, phase 1    |");
    }

    @Test
    void csvHasALinePerMethodStageAndColumn() {
        assertThat(COMPARISON.toCsv().lines()).hasSize(1 + 6 * 4 + 6 * 4 + 4)
                .startsWith("method,stage,stage_number,dataset,direction,r1,r5,r10,medr,meanr",
                        "continual,before,0,flickr,i2t,16.9000,33.8000,42.2500,12.0,30.5000")
                .contains("modx,phase 5,5,coco,t2i,10.1000,20.2000,25.2500,20.0,40.2500");
    }

    @Test
    void csvQuotesNamesWithCommas() {
        ResultsMatrix named = new ResultsMatrix("alpha 20, \"sum\"", Set.of(), PaperNumbers.JOINT.stages());

        assertThat(new MethodComparison(List.of(named)).toCsv()).contains("\n\"alpha 20, \"\"sum\"\"\",joint,0,");
    }

    @Test
    void writesTextTableCsvJsonAndPlot() throws IOException {
        COMPARISON.write(dir, "comparison");

        assertThat(Files.readString(dir.resolve("comparison.txt"))).contains(COMPARISON.toText(), "| modx, R@1 ", "forgetting:");
        assertThat(dir.resolve("comparison.csv")).hasContent(COMPARISON.toCsv());
        assertThat(ResultFile.JSON.readTree(dir.resolve("comparison.json").toFile())).hasSize(3);
        BufferedImage plot = ImageIO.read(dir.resolve("comparison.png").toFile());
        assertThat(plot.getWidth()).isEqualTo(2 * 560);
        assertThat(plot.getHeight()).isEqualTo(2 * 400);
    }

    @Test
    void plotsWhatFoundNothingAndHasNoPhases() {
        ResultsMatrix nothing = new ResultsMatrix("nothing", Set.of(), List.of(new ResultsMatrix.Stage("end", PaperNumbers.report(0, 0, 0, 0))));

        new MethodComparison(List.of(nothing)).write(dir, "nothing");

        assertThat(dir.resolve("nothing.png")).isNotEmptyFile();
    }

    @Test
    void methodsMustHaveTheSameDataSets() {
        ResultsMatrix other = new ResultsMatrix("other", Set.of(), List.of(new ResultsMatrix.Stage("end",
                new RetrievalReport(Map.of("coco", RetrievalReportTest.result(1, 1, 1))))));

        assertThatThrownBy(() -> new MethodComparison(List.of(PaperNumbers.MODX, other)))
                .hasMessage("Results of modx and other are of different data sets: [flickr i2t, coco i2t, flickr t2i, coco t2i] and [coco i2t, coco t2i]");
    }
}

package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** COCO's test set in size: {@code mvn -pl modx-core test -Dtest=RetrievalBenchmarkTest -Dbenchmark=true}. */
@EnabledIfSystemProperty(named = "benchmark", matches = "true")
class RetrievalBenchmarkTest {

    @Test
    void ranksFiveThousandImagesAndTheirCaptionsInSeconds() throws IOException {
        RetrievalFeatures features = RetrievalMetricsTest.related(5000, 5, 512);
        long start = System.nanoTime();

        RetrievalMetrics metrics = RetrievalMetrics.of(features, Device.cpu());

        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("5,000 images x 25,000 captions x 512, both directions: %.2f s, %s; rsum %.1f%n", seconds, peakMemory(), metrics.rsum());
        assertThat(seconds).isLessThan(15);
    }

    /** The most memory that this process has held, where the system tells. */
    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "memory unknown";
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("memory unknown")
                .replace("VmHWM:", "peak memory").replaceAll("\\s+", " ");
    }
}

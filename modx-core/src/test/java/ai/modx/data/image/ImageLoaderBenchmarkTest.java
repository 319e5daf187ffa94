package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Images per second and core for CLIP's 224 x 224, from files that are in the system's cache: {@code mvn -pl modx-core test
 * -Dtest=ImageLoaderBenchmarkTest -Dbenchmark=true -Dbenchmark.images=DIR}.
 */
@EnabledIfSystemProperty(named = "benchmark.images", matches = ".+")
class ImageLoaderBenchmarkTest {

    private static final int ROUNDS = 15;

    @Test
    void loadsImagesOnOneCore() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(Path.of(System.getProperty("benchmark.images")))) {
            files = listed.sorted().toList();
        }
        double[] rates = new double[ROUNDS];
        ImageTransform transform = ImageTransform.clip(224);
        ByteBuffer target = ByteBuffer.allocateDirect(transform.imageBytes());
        try (ImageLoader loader = new ImageLoader(transform)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = processTime();
                files.forEach(file -> loader.load(file, target, 0));
                rates[round] = files.size() * 1e9 / (processTime() - start);
                System.out.printf("round %d: %.1f images/s per core%n", round, rates[round]);
            }
        }
        double[] warm = Arrays.copyOfRange(rates, ROUNDS / 3, ROUNDS);
        Arrays.sort(warm);
        System.out.printf("%d images: %.1f images/s per core (median of %d rounds)%n", files.size(), warm[warm.length / 2], warm.length);
        assertThat(warm[0]).isPositive();
    }

    /** CPU time of all threads, compiler and collector included. */
    private static long processTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}

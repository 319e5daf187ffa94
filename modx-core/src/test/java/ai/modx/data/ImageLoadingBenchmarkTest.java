package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.data.image.ImageTransform;
import com.sun.management.OperatingSystemMXBean;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images per second and core, from JPEG files to CLIP's 224 x 224, and from the cache: {@code mvn -pl modx-core test
 * -Dtest=ImageLoadingBenchmarkTest -Dbenchmark=true}. {@code -Dbenchmark.images=DIR} takes the files of a folder in place of drawn
 * ones of 640 x 480.
 */
@EnabledIfSystemProperty(named = "benchmark", matches = "true")
class ImageLoadingBenchmarkTest {

    private static final int ROUNDS = 16;
    private static final ImageTransform TRANSFORM = ImageTransform.clip(224);

    @TempDir
    private Path folder;

    @Test
    void loadsImages() throws IOException {
        List<Path> files = files();
        ImageView decoding = ImageView.of(TRANSFORM);
        ImageView cached = new ImageCache(Optional.of(folder.resolve("cache"))).keep(decoding, files);
        double decoded = perCore("decoded", decoding, files, 1);
        double kept = perCore("from the cache", cached, files, 50);
        System.out.printf("from the cache: %.1f times as many%n", kept / decoded);
        for (int workers : new int[] {1, 2}) {
            batches(ImageSamples.of(files, decoding), files.size(), workers);
        }
        assertThat(kept).isPositive();
    }

    /**
     * The median over rounds, of which the first ones warm up.
     *
     * @param passes over the files in a round: the system counts time in hundredths of a second
     */
    private static double perCore(String what, ImageView view, List<Path> files, int passes) {
        ByteBuffer target = ByteBuffer.allocateDirect(TRANSFORM.imageBytes());
        double[] rates = new double[ROUNDS];
        try (ImageView.Loader loader = view.open()) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = cpuTime();
                for (int i = 0; i < files.size() * passes; i++) {
                    loader.load(files.get(i % files.size()), round, i % files.size(), target, 0);
                }
                rates[round] = files.size() * passes * 1e9 / (cpuTime() - start);
            }
        }
        double[] warm = Arrays.copyOfRange(rates, ROUNDS / 2, ROUNDS);
        Arrays.sort(warm);
        System.out.printf("%s: %.0f images/s per core%n", what, warm[warm.length / 2]);
        return warm[warm.length / 2];
    }

    private static void batches(Samples samples, int images, int workers) {
        int[] all = IntStream.range(0, images).toArray();
        List<BatchRequest> requests = IntStream.range(0, ROUNDS).mapToObj(round -> new BatchRequest(round, all)).toList();
        long start = System.nanoTime();
        long cpu = cpuTime();
        try (BatchLoader loader = new BatchLoader(samples, requests.iterator(), workers, BatchLoader.DEFAULT_PREFETCH)) {
            while (loader.hasNext()) {
                loader.next().close();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d workers: %.0f images/s, %.2f cores busy%n", workers, images * ROUNDS / seconds, (cpuTime() - cpu) / 1e9 / seconds);
    }

    /** Of all threads, compiler and collector included. */
    private static long cpuTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private List<Path> files() throws IOException {
        String given = System.getProperty("benchmark.images", "");
        if (given.isEmpty()) {
            for (int i = 0; i < 64; i++) {
                write(drawn(new Random(i)), folder.resolve(i + ".jpg"));
            }
        }
        try (Stream<Path> listed = Files.list(given.isEmpty() ? folder : Path.of(given))) {
            return listed.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Soft colours, hard edges and noise: about as many bytes as a photograph. */
    private static BufferedImage drawn(Random random) {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D pen = image.createGraphics();
        for (int i = 0; i < 40; i++) {
            pen.setColor(new Color(random.nextInt(0x1000000)));
            pen.fillOval(random.nextInt(640) - 100, random.nextInt(480) - 100, random.nextInt(300), random.nextInt(300));
        }
        pen.dispose();
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 640; x++) {
                int light = (int) (random.nextGaussian() * 5) + 30 * x / 640 - 20 * y / 480;
                for (int band = 0; band < 3; band++) {
                    image.getRaster().setSample(x, y, band, Math.max(0, Math.min(255, image.getRaster().getSample(x, y, band) + light)));
                }
            }
        }
        return image;
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.9f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }
}

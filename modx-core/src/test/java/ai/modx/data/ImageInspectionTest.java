package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.Golden;
import ai.modx.data.image.ImageTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken images of every kind are told from whole ones, at a glance as far as that goes. */
class ImageInspectionTest {

    private static final ImageView VIEW = ImageView.of(ImageTransform.clip(32));

    @TempDir
    Path dir;

    private List<Path> files;
    private Map<Path, Defect> broken;

    @BeforeEach
    void aDataSetWithBrokenImages() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("preprocess/images/jpeg_420.jpg"));
        files = IntStream.range(0, 2 * BrokenImages.FILES).mapToObj(i -> dir.resolve(i + ".jpg")).toList();
        for (Path file : files) {
            Files.write(file, whole);
        }
        broken = BrokenImages.breakImages(files);
    }

    @Test
    void decodingFindsAll() {
        assertThat(defects(ImageInspection.load(files, VIEW, 3).values())).isEqualTo(broken);
    }

    @Test
    void aGlanceFindsAllButDamageInTheMiddleAndSaysTheSame() {
        Map<Integer, BadImageException> seen = ImageInspection.glance(files);
        broken.values().remove(Defect.UNDECODABLE_IMAGE);
        assertThat(defects(seen.values())).isEqualTo(broken);
        ImageInspection.load(files, VIEW, 1).forEach((index, bad) -> {
            if (seen.containsKey(index)) {
                assertThat(seen.get(index)).hasMessage(bad.getMessage());
            }
        });
    }

    @Test
    void aGlanceRefusesNothingThatLoads() throws IOException {
        try (Stream<Path> images = Files.list(Golden.path("preprocess/images"))) {
            List<Path> whole = images.toList();
            assertThat(ImageInspection.load(whole, VIEW, 2)).isEmpty();
            assertThat(ImageInspection.glance(whole)).isEmpty();
        }
        byte[] jpeg = Files.readAllBytes(files.get(BrokenImages.FILES));
        byte[] padded = new byte[jpeg.length + 100];
        System.arraycopy(jpeg, 0, padded, 0, jpeg.length);
        assertThat(ImageInspection.glance(List.of(Files.write(dir.resolve("padded.jpg"), padded)))).isEmpty();
    }

    @Test
    void imagesThatBecomeWhiteAreTold() {
        Path deep = Golden.path("preprocess/images/png_gray16.png");
        assertThat(ImageInspection.clipped(List.of(Golden.path("preprocess/images/png_gray.png"), deep)))
                .hasSize(1).hasEntrySatisfying(1, image -> assertThat(image.file()).isEqualTo(deep));
    }

    @Test
    void headersThatAreLongAreReadWhole() throws IOException {
        byte[] jpeg = Files.readAllBytes(files.get(BrokenImages.FILES));
        byte[] comment = new byte[60_000];
        comment[0] = (byte) 0xff;
        comment[1] = (byte) 0xfe;
        comment[2] = (byte) (comment.length - 2 >> 8);
        comment[3] = (byte) (comment.length - 2);
        byte[] commented = new byte[jpeg.length + comment.length];
        System.arraycopy(jpeg, 0, commented, 0, 2);
        System.arraycopy(comment, 0, commented, 2, comment.length);
        System.arraycopy(jpeg, 2, commented, 2 + comment.length, jpeg.length - 2);
        Path file = Files.write(dir.resolve("commented.jpg"), commented);
        assertThat(ImageInspection.glance(List.of(file))).isEmpty();
        assertThat(ImageInspection.load(List.of(file), VIEW, 1)).isEmpty();
    }

    @Test
    void aRunListsWhatItRefuses() {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> BadImagePolicy.FAIL.requireUsable(files))
                .withMessage("6 of 18 images cannot be used:\n  " + files.get(0) + " is empty (0 bytes)\n  " + files.get(1) + " is truncated: its "
                        + size(files.get(1)) + " bytes end before the picture does\n  " + files.get(2) + " does not exist\n  " + files.get(3)
                        + " is neither JPEG nor PNG: it starts with the bytes 6e 6f 74 20 61 20 70 69\n  " + files.get(4) + " is not a regular file\n  "
                        + files.get(5) + " claims 60000 x 50000 = 3000000000 pixels; at most 178956970 are decoded\n"
                        + "'modx check-data' lists all that is wrong with a data set. Repair it, or train without these images: --on_bad_image skip");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> BadImagePolicy.skip(5).requireUsable(files))
                .withMessageStartingWith("6 of 18 images cannot be used, more than the 5 of --max_bad_images:\n")
                .withMessageEndingWith("Repair it, or allow more");
        assertThatCode(() -> BadImagePolicy.skip(6).requireUsable(files)).doesNotThrowAnyException();
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> BadImagePolicy.requireAllUsable(files))
                .withMessageStartingWith("6 of 18 images to evaluate on cannot be used:\n")
                .withMessageEndingWith("Repair it, evaluation leaves nothing out");
    }

    @Test
    void aLongListIsCut() {
        List<Path> missing = IntStream.range(0, 33).mapToObj(i -> dir.resolve("lost" + i)).toList();
        List<Path> mostlyMissing = Stream.concat(missing.stream(), Stream.of(files.get(files.size() - 1))).toList();
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> BadImagePolicy.FAIL.requireUsable(mostlyMissing))
                .withMessageContaining("lost19 does not exist\n  and 13 more\n");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> BadImagePolicy.FAIL.requireUsable(missing))
                .withMessage("None of the 33 images exists, the first not as " + missing.get(0) + ". Is this the right folder for the annotation file?");
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static Map<Path, Defect> defects(Collection<BadImageException> bad) {
        Map<Path, Defect> defects = new LinkedHashMap<>();
        bad.forEach(image -> defects.put(image.file(), image.defect()));
        return defects;
    }
}

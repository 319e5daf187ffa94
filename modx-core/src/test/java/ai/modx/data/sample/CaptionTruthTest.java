package ai.modx.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the captions say is what the pixels show. */
class CaptionTruthTest {

    private static final int SIDE = 96;

    /** The smallest text tower that the project ships reads 32 tokens, two of them start and end. */
    private static final int MAX_WORDS = 30;

    @ParameterizedTest
    @EnumSource
    void everyCaptionNamesTheHueThatIsAtTheCentreOfItsShape(Domain domain) {
        for (Scene scene : scenes(domain)) {
            BufferedImage picture = domain.painter().paint(scene, SIDE);
            for (Item item : scene.items()) {
                Hue seen = hueAt(picture, item);
                assertThat(seen).as("%s", item).isEqualTo(item.hue());
                assertThat(domain.wording().captions(scene)).allSatisfy(caption ->
                        assertThat(caption.toLowerCase(Locale.ROOT)).contains(seen.word()).contains(item.figure().word()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionsAreWhatTheWordsSay(Domain domain) {
        for (Scene scene : scenes(domain)) {
            String all = String.join(" ", domain.wording().captions(scene));
            Item first = scene.first();
            if (all.contains("to the left of")) {
                assertThat(first.x()).isLessThan(scene.second().x() - 0.3);
            } else if (all.contains("above")) {
                assertThat(first.y()).isLessThan(scene.second().y() - 0.3);
            } else {
                assertThat(all.contains("left")).isEqualTo(first.x() < 0.4);
                assertThat(all.contains("right")).isEqualTo(first.x() > 0.6);
                assertThat(all.contains("at the top")).isEqualTo(first.y() < 0.4);
                assertThat(all.contains("at the bottom")).isEqualTo(first.y() > 0.6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sizesAreWhatTheWordsSay(Domain domain) {
        for (Scene scene : scenes(domain)) {
            String all = String.join(" ", domain.wording().captions(scene));
            for (Item item : scene.items()) {
                assertThat(all).contains((item.radius() > 0.18 ? "large " : "small ") + item.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesFiveDifferentCaptionsThatFitTheContext(Domain domain) {
        for (Scene scene : scenes(domain)) {
            List<String> captions = domain.wording().captions(scene);
            assertThat(captions).hasSize(5).doesNotHaveDuplicates()
                    .allSatisfy(caption -> assertThat(caption.split("[ .,:]+|(?=[.,:])")).hasSizeLessThanOrEqualTo(MAX_WORDS))
                    .allSatisfy(caption -> assertThat(caption).doesNotContainPattern("\\ba [aeiou]"));
            assertThat(String.join(" ", captions).toLowerCase(Locale.ROOT)).contains(scene.ground().phrase());
        }
    }

    @ParameterizedTest
    @EnumSource
    void paintsTheSamePixelsForTheSameScene(Domain domain) {
        Scene scene = scenes(domain).get(0);

        assertThat(pixels(domain.painter().paint(scene, SIDE))).isEqualTo(pixels(domain.painter().paint(scene, SIDE)));
    }

    private static List<Scene> scenes(Domain domain) {
        return new SceneSampler(domain.grounds(), 1, "test").scenes(300);
    }

    /** The hue whose angle is nearest to that of the mean colour of a patch around the item's centre. */
    private static Hue hueAt(BufferedImage picture, Item item) {
        int reach = 4;
        int[] sum = new int[3];
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                int rgb = picture.getRGB((int) (item.x() * SIDE) + x, (int) (item.y() * SIDE) + y);
                for (int channel = 0; channel < 3; channel++) {
                    sum[channel] += rgb >> 16 - 8 * channel & 0xff;
                }
            }
        }
        int area = (2 * reach + 1) * (2 * reach + 1);
        float degrees = 360 * Color.RGBtoHSB(sum[0] / area, sum[1] / area, sum[2] / area, null)[0];
        return Arrays.stream(Hue.values()).min(Comparator.comparingDouble(hue -> distance(hue.degrees(), degrees))).orElseThrow();
    }

    private static double distance(double a, double b) {
        double difference = Math.abs(a - b) % 360;
        return Math.min(difference, 360 - difference);
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
    }
}

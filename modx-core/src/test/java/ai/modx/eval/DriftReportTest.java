package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.modx.torch.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Features that were turned by known maps. */
class DriftReportTest {

    private static final int SIZE = 60;
    private static final int WIDTH = 8;

    private final float[] images = unit(new Random(1), SIZE);
    private final float[] texts = unit(new Random(2), SIZE);

    @Test
    void oneRotationOfBothModalitiesKeepsEverythingBetweenThem() {
        DriftStep step = step(turned(images, 40), turned(texts, 40));

        assertThat(step.image().rotations().mean()).isCloseTo(40, within(1e-4));
        assertThat(step.image().rotations().shares()).containsExactly(0, 0, 0, 0, 100);
        assertThat(step.text().rotations().mean()).isCloseTo(40, within(1e-4));
        for (DriftStep.Modality modality : new DriftStep.Modality[] {step.image(), step.text()}) {
            assertThat(modality.selfAngles().changes().count()).isEqualTo(SIZE * (SIZE - 1) / 2);
            assertThat(modality.selfAngles().changes().mean()).isCloseTo(0, within(1e-3));
            assertThat(modality.selfAngles().neighbourOverlap()).isEqualTo(100);
            assertThat(modality.mapShare().orElseThrow()).isCloseTo(100, within(1e-6));
        }
        assertThat(step.interModal().mean()).isCloseTo(0, within(1e-4));
        assertThat(step.mapsAngle().orElseThrow()).isCloseTo(0, within(1e-4));
    }

    @Test
    void modalitiesThatTurnDifferentlyHaveMapsApart() {
        DriftStep step = step(turned(images, 17), turned(texts, -6));

        assertThat(step.image().rotations().shares()).containsExactly(0, 100, 0, 0, 0);
        assertThat(step.text().rotations().mean()).isCloseTo(6, within(1e-4));
        assertThat(step.image().mapShare().orElseThrow()).isCloseTo(100, within(1e-6));
        assertThat(step.mapsAngle().orElseThrow()).isCloseTo(23, within(1e-3));
        assertThat(step.interModal().mean()).isPositive();
    }

    @Test
    void movementsOfTheirOwnAreNotOneRotation() {
        float[] others = unit(new Random(3), SIZE);
        DriftStep step = step(others, texts);

        assertThat(step.image().mapShare().orElseThrow()).isBetween(5.0, 60.0);
        assertThat(step.image().selfAngles().neighbourOverlap()).isLessThan(60);
        assertThat(step.text().rotations().mean()).isCloseTo(0, within(1e-6));
        assertThat(step.text().mapShare()).as("of no movement").isEmpty();
        assertThat(step.image().selfAngles().changes().shares()).containsExactly(plainChanges(images, others), within(1e-9));
    }

    @Test
    void retrievedPairsAreThoseThatTheEarlierModelFinds() {
        float[] aligned = texts.clone();
        System.arraycopy(images, 0, aligned, 0, 20 * WIDTH); // the first 20 texts are their images
        DriftStep step = DriftStep.between("0-1", features(images, aligned), features(turned(images, 12), aligned), Device.cpu());

        long found = step.interModalRetrieved().count();
        assertThat(found).isBetween(20L, 30L);
        assertThat(step.interModal().count()).isEqualTo(SIZE);
        DriftStep only = DriftStep.between("0-1", features(images, images), features(turned(images, 12), images), Device.cpu());
        assertThat(only.interModalRetrieved().count()).isEqualTo(SIZE);
        assertThat(only.interModalRetrieved().shares()).containsExactly(0, 0, 100, 0, 0);
    }

    @Test
    void tooFewSamplesGiveNoMap() {
        float[] few = unit(new Random(4), WIDTH);
        Map<String, DriftFeatures> all = new LinkedHashMap<>();
        all.put("first.pt", features(few, few));
        all.put("second.pt", features(turned(few, 3), few));

        DriftReport report = DriftReport.of(all, Device.cpu());

        assertThat(report.steps()).hasSize(1);
        assertThat(report.steps().get(0).mapsAngle()).isEmpty();
        assertThat(report.toText()).startsWith("0  first.pt\n1  second.pt\n8 pairs\n").contains("| 0-1  |                        - |     - |             - |",
                "|\n-: the shares and the angle of maps need more pairs than a feature has numbers\n");
    }

    @Test
    void edgesBelongToTheRangeBelow() {
        assertThat(AngleBins.CHANGES.names()).containsExactly("[0,5]", "(5,10]", "(10,15]", "(15,20]", "(20,180]");
        assertThat(AngleBins.CHANGES.of(5)).isZero();
        assertThat(AngleBins.CHANGES.of(5.001)).isEqualTo(1);
        assertThat(AngleBins.CHANGES.of(180.00001)).isEqualTo(4);
    }

    private DriftStep step(float[] imagesAfter, float[] textsAfter) {
        return DriftStep.between("0-1", features(images, texts), features(imagesAfter, textsAfter), Device.cpu());
    }

    private static double[] plainChanges(float[] before, float[] after) {
        double[] shares = new double[5];
        for (int a = 0; a < SIZE; a++) {
            for (int b = a + 1; b < SIZE; b++) {
                double change = Math.abs(Math.acos(dot(before, a, b)) - Math.acos(dot(after, a, b))) * 180 / Math.PI;
                shares[change <= 5 ? 0 : change <= 10 ? 1 : change <= 15 ? 2 : change <= 20 ? 3 : 4] += 100.0 / (SIZE * (SIZE - 1) / 2);
            }
        }
        return shares;
    }

    private static double dot(float[] rows, int a, int b) {
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += (double) rows[a * WIDTH + i] * rows[b * WIDTH + i];
        }
        return sum;
    }

    private static DriftFeatures features(float[] images, float[] texts) {
        long rows = images.length / WIDTH;
        return new DriftFeatures(HostTensor.of(images, rows, WIDTH), HostTensor.of(texts, rows, WIDTH));
    }

    private static float[] unit(Random random, int size) {
        float[] rows = new float[size * WIDTH];
        for (int row = 0; row < size; row++) {
            double[] values = random.doubles(WIDTH, -1, 1).toArray();
            double length = Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
            for (int i = 0; i < WIDTH; i++) {
                rows[row * WIDTH + i] = (float) (values[i] / length);
            }
        }
        return rows;
    }

    /** Every plane of two neighbouring coordinates turned by the same angle: so every vector turns by it. */
    private static float[] turned(float[] rows, double degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        float[] turned = new float[rows.length];
        for (int i = 0; i < rows.length; i += 2) {
            turned[i] = (float) (cos * rows[i] - sin * rows[i + 1]);
            turned[i + 1] = (float) (sin * rows[i] + cos * rows[i + 1]);
        }
        return turned;
    }
}

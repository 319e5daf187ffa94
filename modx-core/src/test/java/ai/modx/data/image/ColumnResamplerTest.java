package ai.modx.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectorised resize against the plain sums that it stands for. */
class ColumnResamplerTest {

    @ParameterizedTest
    @EnumSource(ResampleFilter.class)
    void equalsPlainSums(ResampleFilter filter) {
        Random random = new Random(2);
        ColumnResampler resampler = new ColumnResampler(); // one for all: nothing of a picture may remain
        for (int round = 0; round < 120; round++) {
            int bands = 1 + random.nextInt(4);
            Span across = span(random);
            Span down = span(random);
            byte[] samples = new byte[across.inSize() * down.inSize() * bands];
            random.nextBytes(samples);
            Resize resize = Resize.of(filter, across, down);
            byte[] out = new byte[across.length() * down.length() * bands];

            resampler.resample(new PictureColumns(samples, across.inSize(), bands, resize.part()), resize, out);

            assertThat(out).as("%s, %s, %d bands", across, down, bands).isEqualTo(plain(samples, bands, filter, across, down));
        }
    }

    private static Span span(Random random) {
        int out = 1 + random.nextInt(40);
        int length = 1 + random.nextInt(out);
        return Span.centred(1 + random.nextInt(90), out, length);
    }

    private static byte[] plain(byte[] samples, int bands, ResampleFilter filter, Span across, Span down) {
        int[] narrow = new int[down.inSize() * across.length() * bands];
        AxisWeights x = AxisWeights.of(filter, across);
        int[] weights = x.fixedPoint(22);
        for (int at = 0; at < narrow.length; at++) {
            int band = at % bands;
            int i = at / bands % across.length();
            int row = at / bands / across.length();
            int sum = 1 << 21;
            for (int k = 0; k < x.count()[i]; k++) {
                sum += (samples[(row * across.inSize() + x.first()[i] + k) * bands + band] & 0xff) * weights[i * x.taps() + k];
            }
            narrow[at] = Math.max(0, Math.min(255, sum >> 22));
        }
        AxisWeights y = AxisWeights.of(filter, down);
        weights = y.fixedPoint(22);
        int rowLength = across.length() * bands;
        byte[] out = new byte[down.length() * rowLength];
        for (int at = 0; at < out.length; at++) {
            int i = at / rowLength;
            int sum = 1 << 21;
            for (int k = 0; k < y.count()[i]; k++) {
                sum += narrow[(y.first()[i] + k) * rowLength + at % rowLength] * weights[i * y.taps() + k];
            }
            out[at] = (byte) Math.max(0, Math.min(255, sum >> 22));
        }
        return out;
    }
}

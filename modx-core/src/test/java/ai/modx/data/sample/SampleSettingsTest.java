package ai.modx.data.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.modx.config.ConfigException;
import org.junit.jupiter.api.Test;

class SampleSettingsTest {

    @Test
    void defaultsSuitAQuickstart() {
        SampleSettings settings = SampleSettings.defaults();

        assertThat(settings).isEqualTo(new SampleSettings(1_000, 11, 128));
        assertThat(settings.testImages()).isEqualTo(200);
        assertThat(settings.valImages()).isEqualTo(100);
    }

    @Test
    void testSplitsOfALargeDataSetStaySmall() {
        assertThat(new SampleSettings(100_000, 1, 128).testImages()).isEqualTo(1_000);
    }

    @Test
    void refusesNoImagesAndTooMany() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new SampleSettings(0, 1, 128))
                .withMessage("--images 0: expected a number of training pictures from 1 to 100000.");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new SampleSettings(100_001, 1, 128));
    }

    @Test
    void refusesASizeThatShowsNothingOrTakesTooMuch() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new SampleSettings(1, 1, 31))
                .withMessage("--image_size 31: expected a side in pixels from 32 to 1024.");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new SampleSettings(1, 1, 1_025));
    }
}

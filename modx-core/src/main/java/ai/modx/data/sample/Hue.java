package ai.modx.data.sample;

import java.awt.Color;
import java.util.Locale;

/** A colour that captions name. The tones are far enough apart to be told by their hue angle alone in either style. */
enum Hue {
    RED(0, 0.86f, 0.86f),
    ORANGE(29, 0.94f, 0.97f),
    YELLOW(53, 0.88f, 0.95f),
    GREEN(125, 0.75f, 0.65f),
    TURQUOISE(176, 0.75f, 0.78f),
    BLUE(219, 0.82f, 0.85f),
    PURPLE(272, 0.68f, 0.68f),
    PINK(325, 0.55f, 0.97f);

    private final int degrees;
    private final float saturation;
    private final float brightness;

    Hue(int degrees, float saturation, float brightness) {
        this.degrees = degrees;
        this.saturation = saturation;
        this.brightness = brightness;
    }

    /** Position on the colour circle. */
    int degrees() {
        return degrees;
    }

    /** Full paint, as on the plain pictures. */
    Color paint() {
        return Color.getHSBColor(degrees / 360f, saturation, brightness);
    }

    /** Chalk: paler and brighter, so that it stands out on dark grounds. */
    Color chalk() {
        return Color.getHSBColor(degrees / 360f, saturation * 0.72f, Math.min(1, brightness * 0.6f + 0.42f));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

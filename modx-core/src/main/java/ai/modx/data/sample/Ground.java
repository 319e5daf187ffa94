package ai.modx.data.sample;

import java.awt.Color;
import java.util.List;

/** What the shapes lie on or are drawn on. Each style of picture has its own six. */
enum Ground {
    PAPER("on white paper", 0xfbfbf8),
    SAND("on sand", 0xf0dfb4),
    SKY("in the sky", 0xc9e4fa),
    GRASS("on grass", 0xd2ecc0),
    STONE("on grey stone", 0xb9bcc0),
    TABLE("on a wooden table", 0xd8b48c),
    BLACKBOARD("on a blackboard", 0x262c2a),
    NIGHT("in the night sky", 0x0e1034),
    BOARD("on an old plank", 0x4a321e);

    /** Light and plain: grounds of the first domain. */
    static final List<Ground> LIGHT = List.of(PAPER, SAND, SKY, GRASS, STONE, TABLE);

    /** Grounds of the second domain: three of the first one's, so that what was learned there is of some use, and dark textured ones. */
    static final List<Ground> MIXED = List.of(SAND, SKY, STONE, BLACKBOARD, NIGHT, BOARD);

    private static final int DARKEST_LIGHT = 140;

    private final String phrase;
    private final int rgb;

    Ground(String phrase, int rgb) {
        this.phrase = phrase;
        this.rgb = rgb;
    }

    /** As a caption says it, with the preposition. */
    String phrase() {
        return phrase;
    }

    /** Whether full colours stand out on it; pale ones do on the others. */
    boolean isLight() {
        return colour().getGreen() >= DARKEST_LIGHT;
    }

    Color colour() {
        return new Color(rgb);
    }
}

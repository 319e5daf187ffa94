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
    BRICKS("on a brick wall", 0x5c3028),
    NIGHT("in the night sky", 0x0e1034),
    BOARD("on an old plank", 0x4a321e),
    SEA("in the deep sea", 0x0b3444),
    TILES("on dark tiles", 0x3a3a46);

    /** Light and plain: grounds of the first domain. */
    static final List<Ground> LIGHT = List.of(PAPER, SAND, SKY, GRASS, STONE, TABLE);

    /** Dark and textured: grounds of the second domain. */
    static final List<Ground> DARK = List.of(BLACKBOARD, BRICKS, NIGHT, BOARD, SEA, TILES);

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

    Color colour() {
        return new Color(rgb);
    }
}

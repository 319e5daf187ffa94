package ai.modx.data.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Random;

/** Paints grounds: a dark one with a pattern that is its own, a light one plain. */
final class DarkTexture {

    private final Graphics2D graphics;
    private final double side;
    private final Random random;

    DarkTexture(Graphics2D graphics, int side, Random random) {
        this.graphics = graphics;
        this.side = side;
        this.random = random;
    }

    void paint(Ground ground) {
        graphics.setColor(ground.colour());
        graphics.fill(new Rectangle2D.Double(0, 0, side, side));
        switch (ground) {
            case BLACKBOARD -> smears();
            case NIGHT -> stars();
            case BOARD -> waves(new Color(24, 14, 6, 150), 0.055, 0.012);
            default -> { } // a light ground is plain
        }
    }

    /** What is left of wiped chalk. */
    private void smears() {
        graphics.setColor(new Color(255, 255, 255, 14));
        graphics.setStroke(new BasicStroke((float) (0.12 * side)));
        for (int i = 0; i < 5; i++) {
            graphics.draw(new Line2D.Double(random.nextDouble() * side, random.nextDouble() * side, random.nextDouble() * side,
                    random.nextDouble() * side));
        }
    }

    private void stars() {
        graphics.setColor(new Color(255, 255, 225, 190));
        for (int i = 0; i < 45; i++) {
            double size = (0.008 + 0.01 * random.nextDouble()) * side;
            graphics.fill(new Ellipse2D.Double(random.nextDouble() * side, random.nextDouble() * side, size, size));
        }
    }

    /** Horizontal wavy lines: the grain of wood. */
    private void waves(Color colour, double gap, double height) {
        line(colour, 0.014);
        double phase = random.nextDouble() * 2 * Math.PI;
        for (double y = gap * side / 2; y < side; y += gap * side) {
            Path2D wave = new Path2D.Double();
            wave.moveTo(0, y + height * side * Math.sin(phase));
            for (int i = 1; i <= 32; i++) {
                wave.lineTo(i * side / 32, y + height * side * Math.sin(phase + i * 0.6));
            }
            graphics.draw(wave);
            phase += 0.5 * random.nextDouble();
        }
    }

    private void line(Color colour, double width) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke((float) (width * side)));
    }
}

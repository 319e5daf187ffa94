package ai.modx.data.sample;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Clean paper cut-outs: filled shapes with a soft shadow on a light, plain ground. */
final class FlatPainter implements Painter {

    private static final Color SHADOW = new Color(0, 0, 0, 45);

    @Override
    public BufferedImage paint(Scene scene, int side) {
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            Random random = new Random(scene.texture());
            ground(graphics, scene.ground(), side, random);
            for (Item item : scene.items()) {
                Shape shape = Figure.placed(item, side);
                double drop = 0.02 * side;
                graphics.setColor(SHADOW);
                graphics.fill(AffineTransform.getTranslateInstance(drop, drop).createTransformedShape(shape));
                graphics.setColor(shade(item.hue().paint(), 0.92 + 0.12 * random.nextDouble()));
                graphics.fill(shape);
            }
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    /** Light that falls off from one corner: enough that no two pictures share their pixels. */
    private static void ground(Graphics2D graphics, Ground ground, int side, Random random) {
        Color near = shade(ground.colour(), 0.99 + 0.03 * random.nextDouble());
        Color far = shade(ground.colour(), 0.9 + 0.06 * random.nextDouble());
        int from = random.nextBoolean() ? 0 : side;
        graphics.setPaint(new GradientPaint(from, 0, near, side - from, side, far));
        graphics.fillRect(0, 0, side, side);
    }

    private static Color shade(Color colour, double factor) {
        return new Color(scaled(colour.getRed(), factor), scaled(colour.getGreen(), factor), scaled(colour.getBlue(), factor));
    }

    private static int scaled(int channel, double factor) {
        return Math.min(255, (int) Math.round(channel * factor));
    }
}

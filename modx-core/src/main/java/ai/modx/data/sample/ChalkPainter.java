package ai.modx.data.sample;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Chalk drawings: wobbly double contours and hatching, pale on dark textured grounds and full on light ones. */
final class ChalkPainter implements Painter {

    private static final int CONTOURS = 2;

    @Override
    public BufferedImage paint(Scene scene, int side) {
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            Random random = new Random(scene.texture());
            new DarkTexture(graphics, side, random).paint(scene.ground());
            for (Item item : scene.items()) {
                Shape shape = Figure.placed(item, side);
                Color colour = scene.ground().isLight() ? item.hue().paint() : item.hue().chalk();
                hatch(graphics, colour, shape, side, random);
                contours(graphics, item, colour, shape, side, random);
            }
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    /** A thin wash of the colour with strokes over it, so that the inside of the shape has its colour too. */
    private static void hatch(Graphics2D graphics, Color colour, Shape shape, int side, Random random) {
        Shape clip = graphics.getClip();
        graphics.clip(shape);
        graphics.setColor(translucent(colour, 120));
        graphics.fill(shape);
        graphics.setColor(translucent(colour, 140));
        graphics.setStroke(new BasicStroke(0.018f * side));
        double gap = (0.045 + 0.01 * random.nextDouble()) * side;
        double lean = (0.5 + random.nextDouble()) * side;
        for (double x = -lean; x < side + lean; x += gap) {
            graphics.draw(new Line2D.Double(x, side, x + lean, 0));
        }
        graphics.setClip(clip);
    }

    private static void contours(Graphics2D graphics, Item item, Color colour, Shape shape, int side, Random random) {
        graphics.setColor(translucent(colour, 235));
        graphics.setStroke(new BasicStroke(0.02f * side, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int i = 0; i < CONTOURS; i++) {
            AffineTransform wobble = AffineTransform.getRotateInstance(0.06 * random.nextGaussian(), item.x() * side,
                    item.y() * side);
            wobble.translate(0.006 * side * random.nextGaussian(), 0.006 * side * random.nextGaussian());
            graphics.draw(wobble.createTransformedShape(shape));
        }
    }

    private static Color translucent(Color colour, int alpha) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
    }
}

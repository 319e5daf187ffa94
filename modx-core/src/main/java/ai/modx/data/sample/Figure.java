package ai.modx.data.sample;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** A shape that captions name and that the image folder has as a class. Each covers its own centre. */
enum Figure {
    CIRCLE {
        @Override
        Shape outline() {
            return disc(0, 0, 1);
        }
    },
    SQUARE {
        @Override
        Shape outline() {
            return new Rectangle2D.Double(-0.82, -0.82, 1.64, 1.64);
        }
    },
    TRIANGLE {
        @Override
        Shape outline() {
            return polygon(0, -0.95, 0.92, 0.7, -0.92, 0.7);
        }
    },
    DIAMOND {
        @Override
        Shape outline() {
            return polygon(0, -1, 0.68, 0, 0, 1, -0.68, 0);
        }
    },
    STAR {
        @Override
        Shape outline() {
            double[] corners = new double[20];
            for (int i = 0; i < 10; i++) {
                double radius = i % 2 == 0 ? 1 : 0.42;
                corners[2 * i] = radius * Math.sin(i * Math.PI / 5);
                corners[2 * i + 1] = -radius * Math.cos(i * Math.PI / 5);
            }
            return polygon(corners);
        }
    },
    HEART {
        @Override
        Shape outline() {
            Path2D path = new Path2D.Double();
            path.moveTo(0, 0.95);
            path.curveTo(-1.5, -0.1, -0.85, -1.25, 0, -0.5);
            path.curveTo(0.85, -1.25, 1.5, -0.1, 0, 0.95);
            path.closePath();
            return path;
        }
    },
    CROSS {
        @Override
        Shape outline() {
            Area area = new Area(new Rectangle2D.Double(-0.3, -0.95, 0.6, 1.9));
            area.add(new Area(new Rectangle2D.Double(-0.95, -0.3, 1.9, 0.6)));
            return area;
        }
    },
    ARROW {
        @Override
        Shape outline() {
            return polygon(1, 0, 0.2, -0.8, 0.2, -0.28, -1, -0.28, -1, 0.28, 0.2, 0.28, 0.2, 0.8);
        }
    },
    FISH {
        @Override
        Shape outline() {
            Area area = new Area(new Ellipse2D.Double(-1, -0.52, 1.5, 1.04));
            area.add(new Area(polygon(0.2, 0, 1, -0.62, 1, 0.62)));
            return area;
        }
    },
    FLOWER {
        @Override
        Shape outline() {
            Area area = new Area(disc(0, 0, 0.45));
            for (int petal = 0; petal < 5; petal++) {
                double angle = petal * 2 * Math.PI / 5;
                area.add(new Area(disc(0.58 * Math.sin(angle), -0.58 * Math.cos(angle), 0.4)));
            }
            return area;
        }
    };

    /** The contour around (0, 0), within a square of side 2; y points down. */
    abstract Shape outline();

    /** The contour where an item of a scene stands, in pixels of a picture of the given side. */
    static Shape placed(Item item, int side) {
        AffineTransform place = AffineTransform.getTranslateInstance(item.x() * side, item.y() * side);
        place.rotate(item.tilt());
        place.scale(item.radius() * side, item.radius() * side);
        return place.createTransformedShape(item.figure().outline());
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Shape disc(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }
}

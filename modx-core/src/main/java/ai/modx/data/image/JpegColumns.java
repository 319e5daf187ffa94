package ai.modx.data.image;

/**
 * The columns of a decoded JPEG file: colour differences of half the resolution are interpolated as by libjpeg ("fancy
 * upsampling": 3/4 of the nearer sample and 1/4 of the farther one along each axis), and colours converted.
 *
 * <p>Loops are written for the compiler to vectorise: over whole arrays of ints from 0 on, without branches.
 */
final class JpegColumns implements PixelColumns {

    private final JpegPlane[] planes;
    private final int left;
    private final int top;
    private final boolean luma;
    private final int acrossFactor;
    private final int downFactor;
    private final int length;
    /** Three columns of each colour difference at all rows, times 4 if they were interpolated. */
    private final int[][][] recent;
    private final int[] neighbours;
    private final int[] blue;
    private final int[] red;
    private int upTo;

    /**
     * @param planes       one or three components
     * @param part         the part of the picture whose columns these are
     * @param luma         whether three components are luma and two colour differences
     * @param acrossFactor how many columns have one colour difference: 1 or 2
     * @param downFactor   how many rows have one colour difference: 1 or 2
     */
    JpegColumns(JpegPlane[] planes, CropBox part, boolean luma, int acrossFactor, int downFactor) {
        this.planes = planes;
        this.left = part.left();
        this.top = part.top();
        this.luma = luma;
        this.acrossFactor = acrossFactor;
        this.downFactor = downFactor;
        this.length = planes[0].height();
        int room = luma ? length : 0;
        this.recent = new int[2][3][room];
        this.neighbours = new int[room];
        this.blue = new int[room];
        this.red = new int[room];
        this.upTo = left / acrossFactor - 2;
    }

    @Override
    public int bands() {
        return planes.length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int position(int row) {
        return planes[0].position(top + row);
    }

    @Override
    public void read(int column, int[][] target) {
        int x = left + column;
        if (!luma) {
            for (int band = 0; band < planes.length; band++) {
                System.arraycopy(planes[band].column(x), 0, target[band], 0, length);
            }
            return;
        }
        difference(1, x, blue);
        difference(2, x, red);
        upTo = Math.max(upTo, x / acrossFactor + 1);
        int[] light = planes[0].column(x);
        YccToRgb.red(light, red, length, target[0]);
        YccToRgb.green(light, blue, red, length, target[1]);
        YccToRgb.blue(light, blue, length, target[2]);
    }

    /** One colour difference of a column. */
    private void difference(int band, int x, int[] to) {
        int near = x / acrossFactor;
        for (int column = upTo + 1; column <= near + 1; column++) {
            spread(planes[band], column, recent[band - 1][slot(column)]);
        }
        int[] nearest = recent[band - 1][slot(near)];
        if (acrossFactor == 1) {
            centre(nearest, length, to);
        } else {
            int odd = x & 1; // libjpeg rounds halves up and down in turn
            int[] farther = recent[band - 1][slot(near - 1 + 2 * odd)];
            if (downFactor == 2) {
                quarter(nearest, farther, 8 - odd, 4, length, to);
            } else {
                quarter(nearest, farther, 1 + odd, 2, length, to);
            }
        }
    }

    private static int slot(int column) {
        return (column + 3) % 3;
    }

    private void spread(JpegPlane plane, int column, int[] to) {
        int[] samples = plane.column(column);
        if (downFactor == 1) {
            System.arraycopy(samples, 0, to, 0, length);
            return;
        }
        int half = length / 2;
        plane.moved(column, 1, neighbours);
        threeToOne(samples, neighbours, half, to);
        System.arraycopy(to, 0, to, half, half); // the odd rows, which have the lower neighbour
        plane.moved(column, -1, neighbours);
        threeToOne(samples, neighbours, half, to);
    }

    private static void threeToOne(int[] near, int[] far, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = 3 * near[i] + far[i];
        }
    }

    private static void quarter(int[] near, int[] far, int bias, int shift, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = (3 * near[i] + far[i] + bias >> shift) - 128;
        }
    }

    private static void centre(int[] from, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i] - 128;
        }
    }
}

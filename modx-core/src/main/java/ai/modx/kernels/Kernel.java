package ai.modx.kernels;

import java.util.Arrays;

/** A kind of matrix product with its sizes, by which libtorch and the libraries under it choose what computes it. */
public sealed interface Kernel {

    /** Floating point operations of its forward pass, an addition and a multiplication being two. */
    double operations();

    /** Kind and sizes in words, which {@link #parse} reads. */
    String code();

    /**
     * {@code (rows, in)} times {@code (out, in)} transposed: a linear layer.
     *
     * @param rows tokens of all sequences
     * @param form what it is stored as
     */
    record Linear(int rows, int in, int out, Form form) implements Kernel {

        /** What there is beside the product. */
        enum Form {
            BIAS,
            NO_BIAS,
            /** No bias, and the weight is stored as {@code (in, out)}: CLIP's projections to the embedding. */
            TRANSPOSED
        }

        @Override
        public double operations() {
            return 2.0 * rows * in * out;
        }

        @Override
        public String code() {
            return String.join(" ", "linear", "" + rows, "" + in, "" + out, form.name());
        }

        @Override
        public String toString() {
            return "linear layer of " + rows + " rows, " + in + " -> " + out
                    + (form == Form.BIAS ? "" : " without bias");
        }
    }

    /**
     * A convolution of square images with padding that keeps their side, but for the stride.
     *
     * @param images of them
     * @param side   pixels a side, before
     * @param in     channels
     * @param out    channels
     * @param size   of the kernel: 1 or 3
     * @param stride 1 or 2
     */
    record Convolution(int images, int side, int in, int out, int size, int stride) implements Kernel {

        int padding() {
            return size / 2;
        }

        /** Pixels a side, after. */
        int sideAfter() {
            return (side + 2 * padding() - size) / stride + 1;
        }

        @Override
        public double operations() {
            return 2.0 * images * sideAfter() * sideAfter() * size * size * in * out;
        }

        @Override
        public String code() {
            return String.join(" ", "convolution", "" + images, "" + side, "" + in, "" + out, "" + size, "" + stride);
        }

        @Override
        public String toString() {
            return "convolution " + size + " x " + size + (stride > 1 ? " with stride " + stride : "") + " of " + images
                    + " images of " + side + " x " + side + ", " + in + " -> " + out + " channels";
        }
    }

    /** {@code (batch, rows, inner)} times {@code (batch, inner, columns)}. */
    record BatchedProduct(int batch, int rows, int inner, int columns) implements Kernel {

        @Override
        public double operations() {
            return 2.0 * batch * rows * inner * columns;
        }

        @Override
        public String code() {
            return String.join(" ", "product", "" + batch, "" + rows, "" + inner, "" + columns);
        }

        @Override
        public String toString() {
            return batch + " products of (" + rows + ", " + inner + ") and (" + inner + ", " + columns + ")";
        }
    }

    /**
     * Multi-head attention of all tokens to all.
     *
     * @param sequences of them
     * @param tokens    of a sequence
     * @param width     of all heads together
     * @param causal    whether tokens see only those before them; it is computed, and counted, in full
     */
    record Attention(int sequences, int tokens, int heads, int width, boolean causal) implements Kernel {

        @Override
        public double operations() {
            return 4.0 * sequences * tokens * tokens * width;
        }

        @Override
        public String code() {
            return String.join(
                    " ", "attention", "" + sequences, "" + tokens, "" + heads, "" + width, causal ? "1" : "0");
        }

        @Override
        public String toString() {
            return (causal ? "causal " : "") + "attention of " + sequences + " sequences of " + tokens + " tokens, "
                    + heads + " heads, width " + width;
        }
    }

    /** The kernel of a {@link #code}. */
    static Kernel parse(String code) {
        String[] words = code.split(" ");
        int[] n = Arrays.stream(words)
                .skip(1)
                .filter(word -> Character.isDigit(word.charAt(0)))
                .mapToInt(Integer::parseInt)
                .toArray();
        return switch (words[0]) {
            case "linear" -> new Linear(n[0], n[1], n[2], Linear.Form.valueOf(words[4]));
            case "convolution" -> new Convolution(n[0], n[1], n[2], n[3], n[4], n[5]);
            case "product" -> new BatchedProduct(n[0], n[1], n[2], n[3]);
            case "attention" -> new Attention(n[0], n[1], n[2], n[3], n[4] == 1);
            default -> throw new IllegalArgumentException("No kernel: " + code);
        };
    }
}

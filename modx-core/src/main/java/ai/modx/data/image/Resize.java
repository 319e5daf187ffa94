package ai.modx.data.image;

/**
 * How a part of a picture is resized.
 *
 * @param across mixes its columns
 * @param down   mixes its rows
 * @param part   which part of the picture they begin and end with
 */
record Resize(AxisWeights across, AxisWeights down, CropBox part) {

    /** Resizes a whole picture. */
    static Resize of(ResampleFilter filter, Span across, Span down) {
        return of(filter, across, down, 0, 0);
    }

    /** Resizes the box of a picture that begins with column {@code left} and row {@code top}, as if nothing were around it. */
    static Resize of(ResampleFilter filter, Span across, Span down, int left, int top) {
        AxisWeights columns = AxisWeights.of(filter, across);
        AxisWeights rows = AxisWeights.of(filter, down);
        return new Resize(columns, rows, new CropBox(left + columns.begin(), top + rows.begin(),
                columns.end() - columns.begin(), rows.end() - rows.begin(), false));
    }
}

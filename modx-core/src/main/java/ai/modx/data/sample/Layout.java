package ai.modx.data.sample;

import java.util.List;

/** Where the shapes of a scene stand: one in one of nine places, or two beside or above each other. */
enum Layout {
    TOP_LEFT("at the top left", -1, -1),
    TOP("at the top", 0, -1),
    TOP_RIGHT("at the top right", 1, -1),
    LEFT("on the left", -1, 0),
    MIDDLE("in the middle", 0, 0),
    RIGHT("on the right", 1, 0),
    BOTTOM_LEFT("at the bottom left", -1, 1),
    BOTTOM("at the bottom", 0, 1),
    BOTTOM_RIGHT("at the bottom right", 1, 1),
    /** The phrase goes between the two names. */
    SIDE_BY_SIDE("to the left of", -1, 0),
    STACKED("above", 0, -1);

    static final List<Layout> SINGLE = List.of(values()).subList(0, 9);
    static final List<Layout> PAIR = List.of(SIDE_BY_SIDE, STACKED);

    private final String phrase;
    private final int column;
    private final int row;

    Layout(String phrase, int column, int row) {
        this.phrase = phrase;
        this.column = column;
        this.row = row;
    }

    String phrase() {
        return phrase;
    }

    /** Side of the middle on which the first shape stands, -1, 0 or 1; a second one stands opposite. */
    int column() {
        return column;
    }

    int row() {
        return row;
    }

    int items() {
        return this == SIDE_BY_SIDE || this == STACKED ? 2 : 1;
    }
}

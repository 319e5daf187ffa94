package ai.modx.eval;

/** Up to which rank a query counts as answered. */
public enum Recall {
    R1(1),
    R5(5),
    R10(10);

    private final int rank;

    Recall(int rank) {
        this.rank = rank;
    }

    /** The K of R@K. */
    int rank() {
        return rank;
    }

    /** As in JSON and CSV files, for example {@code r1}. */
    public String key() {
        return "r" + rank;
    }

    @Override
    public String toString() {
        return "R@" + rank;
    }
}

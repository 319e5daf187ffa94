package ai.modx.checkpoint;

/** A value that Python would make and nothing here needs, such as a sparse tensor or a complex number: known to be there, and not read. */
final class Unread {

    private final String kind;

    /** @param kind what it is, with its article */
    Unread(String kind) {
        this.kind = kind;
    }

    @Override
    public String toString() {
        return kind;
    }
}

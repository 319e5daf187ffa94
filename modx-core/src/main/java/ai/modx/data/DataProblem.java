package ai.modx.data;

import ai.modx.config.PlainText;

/**
 * Something that is wrong with a data set.
 *
 * @param where the file, or the flag and the folder
 * @param what  the problem, in words
 */
public record DataProblem(Defect defect, String where, String what) {

    public DataProblem {
        where = PlainText.of(where);
        what = PlainText.of(what);
    }

    /** What a reader that gave up says of a place. */
    static DataProblem of(Defect defect, String where, DataException e) {
        String prefix = PlainText.of(where) + ": ";
        return new DataProblem(defect, where, e.getMessage().startsWith(prefix) ? e.getMessage().substring(prefix.length()) : e.getMessage());
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }

    /** Takes note of problems while data are read. */
    public interface Listener {

        /** Training's: it ends on what is fatal, and leaves the rest out. */
        Listener STRICT = problem -> {
            if (problem.defect().isFatal()) {
                throw new DataException(problem.toString());
            }
        };

        /**
         * Called for every problem.
         *
         * @throws DataException to end the reading
         */
        void found(DataProblem problem);
    }
}

package ai.modx.data;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a check of data sets found.
 *
 * @param parts    what was checked
 * @param problems all that is wrong, in the order in which it was found
 */
public record DataReport(List<Part> parts, List<DataProblem> problems) {

    /**
     * A data set.
     *
     * @param name     its annotation file or folder
     * @param images   that training would use, bad ones included
     * @param captions of these images
     */
    public record Part(String name, int images, long captions) {}

    public DataReport {
        parts = List.copyOf(parts);
        problems = List.copyOf(problems);
    }

    /** How often each defect was found. */
    public Map<Defect, Integer> counts() {
        Map<Defect, Integer> counts = new EnumMap<>(Defect.class);
        problems.forEach(problem -> counts.merge(problem.defect(), 1, Integer::sum));
        return counts;
    }

    /** Whether a training run would fail on something. */
    public boolean isFatal() {
        return problems.stream().anyMatch(problem -> problem.defect().isFatal());
    }
}

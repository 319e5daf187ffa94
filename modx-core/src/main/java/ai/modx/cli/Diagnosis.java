package ai.modx.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found out about a machine, and what is wrong with it. */
final class Diagnosis {

    /**
     * Something that keeps the toolkit from working, or from working as well as it could.
     *
     * @param serious whether commands fail because of it
     * @param what    a sentence
     * @param remedy  what to do
     */
    record Problem(boolean serious, String what, String remedy) {}

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    void found(String what, String value) {
        facts.put(what, value);
    }

    void problem(String what, String remedy) {
        problems.add(new Problem(true, what, remedy));
    }

    void warning(String what, String remedy) {
        problems.add(new Problem(false, what, remedy));
    }

    boolean isHealthy() {
        return problems.stream().noneMatch(Problem::serious);
    }

    @Override
    public String toString() {
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        StringBuilder text = new StringBuilder();
        facts.forEach((what, value) -> text.append(what).append(" ".repeat(width - what.length())).append(value).append('\n'));
        text.append('\n');
        for (Problem problem : problems) {
            text.append(problem.serious() ? "PROBLEM  " : "warning  ").append(problem.what()).append(".\n         ").append(problem.remedy()).append(".\n");
        }
        return text.append(problems.isEmpty() ? "Nothing is wrong.\n" : "").toString();
    }
}

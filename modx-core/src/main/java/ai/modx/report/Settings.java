package ai.modx.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What runs were told, and with what they ran: all that run.json says. */
record Settings(List<RunLog> runs) {

    private static final String ARGUMENTS = "arguments";

    private static final String ABSENT = "–";

    /** The command lines, a table of what differs, and one of what is the same. */
    List<Html> html() {
        Html commands = Html.of("div");
        runs.forEach(run -> commands.add(Html.of("h3", run.name()), Html.of("pre", commandLine(run.parts().get(0).description()))));
        List<Map<String, String>> values = runs.stream().map(Settings::values).toList();
        Set<String> keys = new LinkedHashSet<>();
        values.forEach(run -> keys.addAll(run.keySet()));
        Map<Boolean, List<String>> bySameness = keys.stream().collect(Collectors.partitioningBy(key ->
                values.stream().map(run -> run.getOrDefault(key, ABSENT)).distinct().count() == 1));
        Html all = details(runs.size() == 1 ? "All settings and versions" : "Settings and versions that all runs share");
        Table same = new Table("", List.of("setting", "value"));
        bySameness.get(true).forEach(key -> same.row(key, List.of(values.get(0).getOrDefault(key, ABSENT))));
        all.add(same.html());
        if (runs.size() == 1 || bySameness.get(false).isEmpty()) {
            return List.of(commands, all);
        }
        Table different = new Table("Settings that differ", Stream.concat(Stream.of("setting"), runs.stream().map(RunLog::name)).toList());
        bySameness.get(false).forEach(key -> different.row(key, values.stream().map(run -> run.getOrDefault(key, ABSENT)).toList()));
        return List.of(commands, different.html(), all);
    }

    static Html details(String summary) {
        return Html.of("details").add(Html.of("summary", summary));
    }

    private static String commandLine(JsonNode description) {
        if (!description.has(ARGUMENTS)) {
            return "unknown";
        }
        return description.path("command").asText("linear-eval") + " " + StreamSupport.stream(description.path(ARGUMENTS).spliterator(), false)
                .map(JsonNode::asText).map(Settings::quoted).collect(Collectors.joining(" "));
    }

    /** As a shell takes it. */
    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./,:=@%+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** Settings by dotted names; where phases differ, the values of all in order. */
    private static Map<String, String> values(RunLog run) {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        run.parts().forEach(part -> flatten("", part.description(), all));
        Map<String, String> values = new LinkedHashMap<>();
        all.forEach((key, different) -> values.put(key, String.join(" · ", different)));
        return values;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, Set<String>> into) {
        node.fields().forEachRemaining(field -> {
            String key = prefix + field.getKey();
            if (field.getValue().isObject()) {
                flatten(key + ".", field.getValue(), into);
            } else if (!key.equals(ARGUMENTS)) {
                String value = field.getValue().isArray() ? StreamSupport.stream(field.getValue().spliterator(), false).map(JsonNode::asText)
                        .collect(Collectors.joining(", ")) : field.getValue().asText();
                into.computeIfAbsent(key, name -> new LinkedHashSet<>()).add(value);
            }
        });
    }
}

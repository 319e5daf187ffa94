package ai.modx.report;

import ai.modx.config.ShellWords;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What runs were told, and with what they ran: all that run.json says. */
record Settings(List<RunLog> runs) {

    private static final String COMMAND = "command";
    private static final String ARGUMENTS = "arguments";

    private static final String ABSENT = "–";

    /** What run.json groups settings by; a flag among them is called as on the command line. */
    private static final Pattern GROUP = Pattern.compile("^(flags|identity)\\.(--)?");

    /** Digests, and where the run was written: they differ between any two runs and say nothing about what to expect of them. */
    private static final Set<String> BOOKKEEPING = Set.of("data", "checkpoint_weights", "cnn with fingerprint", "train_dir with fingerprint",
            "val_dir with fingerprint", "saved_checkpoints", "checkpoint-dir", "resume");

    /** What a card tells of all phases together. */
    private static final Set<String> COUNTS = Set.of("images", "captions", "total_steps");

    /** A longer value is cut; the whole of it shows under the pointer. */
    private static final int LONGEST = 240;

    /** The command lines, a table of what differs, and one of everything. */
    List<Html> html() {
        Html commands = Html.of("div");
        runs.forEach(run -> commands.add(Html.of("h3", run.name()), Html.of("pre", commandLine(run.parts().get(0).description()))));
        List<Map<String, String>> values = runs.stream().map(Settings::values).toList();
        Set<String> keys = new LinkedHashSet<>();
        values.forEach(run -> keys.addAll(run.keySet()));
        List<String> differing = keys.stream().filter(key -> !BOOKKEEPING.contains(key) && differs(key, values)).toList();
        Html tables = Html.of("div").with("class", "settings");
        if (!differing.isEmpty()) {
            tables.add(table("Settings that differ", differing, values));
        }
        return List.of(commands, tables.add(details("All settings and versions").add(table("", keys, values))));
    }

    /** Among runs of training, or among those of linear evaluation: that one has other flags than the other needs no table. */
    private static boolean differs(String key, List<Map<String, String>> values) {
        return values.stream().collect(Collectors.groupingBy(run -> run.containsKey(COMMAND))).values().stream()
                .anyMatch(alike -> alike.stream().map(run -> run.getOrDefault(key, ABSENT)).distinct().count() > 1);
    }

    private Html table(String caption, Collection<String> keys, List<Map<String, String>> values) {
        Table table = new Table(caption, Stream.concat(Stream.of("setting"), runs.stream().map(RunLog::name)).toList());
        keys.forEach(key -> table.rowOf(key, values.stream().map(run -> cell(run.getOrDefault(key, ABSENT))).toList()));
        return table.html();
    }

    private static Html cell(String value) {
        return value.length() <= LONGEST ? Html.of("td", value) : Html.of("td", value.substring(0, LONGEST) + " …").with("title", value);
    }

    static Html details(String summary) {
        return Html.of("details").add(Html.of("summary", summary));
    }

    private static String commandLine(JsonNode description) {
        if (!description.has(ARGUMENTS)) {
            return "unknown";
        }
        return description.path(COMMAND).asText("linear-eval") + " " + StreamSupport.stream(description.path(ARGUMENTS).spliterator(), false)
                .map(JsonNode::asText).map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    /**
     * Settings by dotted names; where phases differ, the values of all in order. What comes first in run.json stands for all of a name:
     * in training what a flag came to, in linear evaluation the number of classes.
     */
    private static Map<String, String> values(RunLog run) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        run.parts().forEach(part -> flatten("", part.description(), all));
        Map<String, String> values = new LinkedHashMap<>();
        all.forEach((key, ofParts) -> values.putIfAbsent(GROUP.matcher(key).replaceFirst(""), new HashSet<>(ofParts).size() > 1 ? String.join(" · ", ofParts)
                : ofParts.get(0) + (run.parts().size() > 1 && COUNTS.contains(key) ? " in each phase" : "")));
        if (values.containsKey(COMMAND)) {
            values.remove("train_dir"); // where it was written, which its card says; in linear evaluation it is the data
        }
        return values;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, List<String>> into) {
        node.fields().forEachRemaining(field -> {
            String key = prefix + field.getKey();
            if (field.getValue().isObject()) {
                flatten(key + ".", field.getValue(), into);
            } else if (!key.equals(ARGUMENTS)) {
                String value = field.getValue().isArray() ? StreamSupport.stream(field.getValue().spliterator(), false).map(JsonNode::asText)
                        .collect(Collectors.joining(", ")) : field.getValue().asText();
                into.computeIfAbsent(key, name -> new ArrayList<>()).add(value);
            }
        });
    }
}

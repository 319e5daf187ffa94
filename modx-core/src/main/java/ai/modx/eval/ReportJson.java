package ai.modx.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reports as JSON and back. Reading throws IllegalArgumentException that names what is missing. */
final class ReportJson {

    private ReportJson() {}

    static ObjectNode of(RetrievalReport report) {
        ObjectNode json = ResultFile.JSON.createObjectNode();
        report.results().forEach((name, result) -> {
            ObjectNode entry = json.putObject(name);
            putRecalls(entry, result.metrics());
            entry.put("images", result.metrics().images()).put("captions", result.metrics().captions());
            result.folds().ifPresent(folds -> putRecalls(entry.putObject("folds").put("count", folds.count()), folds.mean()));
        });
        return json;
    }

    private static void putRecalls(ObjectNode entry, RetrievalMetrics metrics) {
        for (Direction direction : Direction.values()) {
            RankMetrics ranks = metrics.direction(direction);
            ObjectNode numbers = entry.putObject(direction.key());
            for (Recall recall : Recall.values()) {
                numbers.put(recall.key(), ranks.recall(recall));
            }
            numbers.put("medr", ranks.medr()).put("meanr", ranks.meanr());
        }
        entry.put("rsum", metrics.rsum());
    }

    /** Adds all numbers but counts. */
    static void addScalars(JsonNode json, String path, Map<String, Double> scalars) {
        json.fields().forEachRemaining(entry -> {
            if (entry.getValue().isObject()) {
                addScalars(entry.getValue(), path + entry.getKey() + "/", scalars);
            } else if (entry.getValue().isDouble()) {
                scalars.put(path + entry.getKey(), entry.getValue().doubleValue());
            }
        });
    }

    static RetrievalReport report(JsonNode json) {
        Map<String, RetrievalResult> results = new LinkedHashMap<>();
        json.fields().forEachRemaining(entry -> results.put(entry.getKey(), result(entry.getKey(), entry.getValue())));
        return new RetrievalReport(results);
    }

    private static RetrievalResult result(String name, JsonNode entry) {
        int images = (int) number(entry, "images", name);
        int captions = (int) number(entry, "captions", name);
        Optional<RetrievalResult.Folds> folds = entry.has("folds")
                ? Optional.of(new RetrievalResult.Folds((int) number(entry.get("folds"), "count", name), metrics(entry.get("folds"), images, captions, name)))
                : Optional.empty();
        return new RetrievalResult(metrics(entry, images, captions, name), folds);
    }

    private static RetrievalMetrics metrics(JsonNode json, int images, int captions, String name) {
        return new RetrievalMetrics(ranks(json, Direction.I2T, name), ranks(json, Direction.T2I, name), images, captions);
    }

    private static RankMetrics ranks(JsonNode json, Direction direction, String name) {
        JsonNode numbers = json.path(direction.key());
        String where = name + "." + direction.key();
        return new RankMetrics(number(numbers, "r1", where), number(numbers, "r5", where), number(numbers, "r10", where),
                number(numbers, "medr", where), number(numbers, "meanr", where));
    }

    private static double number(JsonNode json, String key, String where) {
        if (!json.path(key).isNumber()) {
            throw new IllegalArgumentException("'" + where + "' has no number '" + key + "'");
        }
        return json.get(key).doubleValue();
    }
}

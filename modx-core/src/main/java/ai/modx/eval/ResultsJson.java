package ai.modx.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Results of phases as JSON and back: {@code {"method", "new_data": [...], "stages": [{"stage", "results": {NAME: ...}}],
 * "measures": {"r1": {"average": [...], "forgetting": {...}, "backward_transfer": {...}}, ...}}}. The measures follow from
 * the rest and are not read.
 */
final class ResultsJson {

    private ResultsJson() {}

    static ObjectNode of(ResultsMatrix matrix) {
        ObjectNode json = ResultFile.JSON.createObjectNode().put("method", matrix.method());
        ArrayNode newData = json.putArray("new_data");
        matrix.newData().forEach(newData::add);
        ArrayNode stages = json.putArray("stages");
        matrix.stages().forEach(stage -> stages.addObject().put("stage", stage.name()).set("results", ReportJson.of(stage.report())));
        ObjectNode measures = json.putObject("measures");
        for (Recall recall : Recall.values()) {
            ContinualMeasures values = ContinualMeasures.of(matrix, recall);
            ObjectNode entry = measures.putObject(recall.key());
            ArrayNode averages = entry.putArray("average");
            values.averages().forEach(averages::add);
            put(entry.putObject("forgetting"), values.forgetting());
            put(entry.putObject("backward_transfer"), values.backwardTransfer());
        }
        return json;
    }

    /** {@code {"mean": number, "columns": {NAME: {"i2t": number, "t2i": number}}}}. */
    private static void put(ObjectNode json, ContinualMeasures.Measure measure) {
        measure.mean().ifPresent(mean -> json.put("mean", mean));
        ObjectNode columns = json.putObject("columns");
        measure.byColumn().forEach((column, value) -> columns.withObjectProperty(column.dataset()).put(column.direction().key(), value));
    }

    static ResultsMatrix matrix(JsonNode json) {
        if (!json.path("method").isTextual() || !json.path("stages").isArray()) {
            throw new IllegalArgumentException("there is no 'method' with 'stages'");
        }
        Set<String> newData = new LinkedHashSet<>();
        json.path("new_data").forEach(name -> newData.add(name.asText()));
        List<ResultsMatrix.Stage> stages = new ArrayList<>();
        json.get("stages").forEach(stage ->
                stages.add(new ResultsMatrix.Stage(stage.path("stage").asText(), ReportJson.report(stage.path("results")))));
        return new ResultsMatrix(json.get("method").textValue(), newData, stages);
    }
}

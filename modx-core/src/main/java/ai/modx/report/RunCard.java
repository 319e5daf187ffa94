package ai.modx.report;

import ai.modx.eval.Direction;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a run was and what came of it, in a few figures. */
record RunCard(RunLog run, int colour, boolean alone) {

    Html card() {
        JsonNode first = run.parts().get(0).description();
        Html heading = Html.of("h2");
        if (!alone) {
            heading.add(LineChart.key(colour));
        }
        Html card = Html.of("section").with("class", "card").add(heading.text(run.name()));
        card.add(Html.of("p", run.folder().toString()).with("class", "path"));
        Html facts = Html.of("dl");
        facts(first).forEach((name, value) -> facts.add(Html.of("div").add(Html.of("dt", name), Html.of("dd", value))));
        card.add(facts);
        run.notes().forEach(note -> card.add(Html.of("p", note).with("class", "note")));
        return card;
    }

    private Map<String, String> facts(JsonNode description) {
        Map<String, String> facts = new LinkedHashMap<>();
        boolean probe = run.parts().get(0).epochs().rows() > 0 || description.has("classes");
        facts.put("command", probe ? "linear-eval" : description.path("command").asText("unknown"));
        facts.put("model", description.path("model_name").asText("unknown"));
        if (run.parts().get(0).number() > 0) {
            facts.put("phases", Integer.toString(run.parts().size()));
        }
        if (probe) {
            facts.put("classes", Numbers.count(description.path("classes").size()));
            facts.put("training images", Numbers.count(description.path("train_images").asLong()));
            facts.put("validation images", Numbers.count(description.path("val_images").asLong()));
            facts.put("epochs evaluated", Numbers.count(run.parts().get(0).epochs().rows()));
            run.accuracy("acc1", 0).values().max().ifPresent(best -> facts.put("best acc@1, %", Numbers.text(best)));
            last(run.accuracy("acc1", 0)).ifPresent(acc -> facts.put("last acc@1, %", Numbers.text(acc)));
        } else {
            training(facts);
        }
        return facts;
    }

    private void training(Map<String, String> facts) {
        String ofAll = run.parts().size() > 1 ? ", all phases" : "";
        sum("images").ifPresent(images -> facts.put("images" + ofAll, images));
        sum("captions").ifPresent(captions -> facts.put("captions" + ofAll, captions));
        String steps = Numbers.count(Math.round(run.parts().stream().mapToDouble(RunLog.Part::lastStep).sum()));
        facts.put("steps" + ofAll, steps + sum("total_steps").map(all -> " of " + all).orElse(""));
        double seconds = run.series("step_s", 0).values().sum();
        facts.put("time in steps", Numbers.duration(seconds));
        double[] rates = run.series("pairs_per_s", 0).values().sorted().toArray();
        if (rates.length > 0) {
            facts.put("pairs/s, median", Numbers.text(Math.rint(rates[rates.length / 2] * 10) / 10));
        }
        last(run.series("loss", 0)).ifPresent(loss -> facts.put("last loss", Numbers.text(loss)));
        List<RunLog.Evaluation> evaluations = run.evaluations();
        if (!evaluations.isEmpty()) {
            evaluations.get(evaluations.size() - 1).report().results().forEach((name, result) -> facts.put("R@1 on " + name,
                    Arrays.stream(Direction.values()).map(direction -> direction.key() + " " + Numbers.percent(result.metrics().direction(direction).r1()))
                            .collect(Collectors.joining(", "))));
        }
    }

    private static OptionalDouble last(Series series) {
        return series.values().reduce((before, after) -> after);
    }

    /** Over all phases; empty if the settings of one are missing. */
    private Optional<String> sum(String key) {
        return run.parts().stream().allMatch(part -> part.description().path(key).isNumber())
                ? Optional.of(Numbers.count(run.parts().stream().mapToLong(part -> part.description().path(key).asLong()).sum())) : Optional.empty();
    }
}

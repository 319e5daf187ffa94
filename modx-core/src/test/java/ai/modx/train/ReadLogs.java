package ai.modx.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets tests of other packages read a run's files the way a run that is continued reads them. */
public final class ReadLogs {

    private ReadLogs() {}

    /** eval.jsonl and metrics.jsonl. */
    public static void lines(Path file) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            RunLogs.number(line, "global_step");
        }
    }

    /** run.json. */
    public static void description(Path file) {
        RunJson.read(file).path("saved_checkpoints").asText("nothing");
    }
}

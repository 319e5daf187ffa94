package ai.modx;

import ai.modx.continualtrain.ContinualTrain;
import ai.modx.cli.Modx;
import ai.modx.jointtrain.JointTrain;
import ai.modx.lineareval.LinearEval;
import ai.modx.modxtrain.ModXTrain;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs commands one after another in another folder, in one process beside this one: Java cannot change its folder, and a process for
 * each command would take most of the time.
 */
final class CommandProcess implements AutoCloseable {

    /** By the name of their launcher. */
    static final Map<String, Supplier<Object>> COMMANDS = Map.of("joint-train", JointTrain::new, "continual-train", ContinualTrain::new,
            "modx-train", ModXTrain::new, "linear-eval", LinearEval::new, "modx", Modx::new);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream calls;

    CommandProcess(Path folder) throws IOException {
        String classes = String.join(File.pathSeparator, Path.of(System.getProperty("project.root"), "target", "lib", "*").toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString());
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", classes, CommandProcess.class.getName())
                .directory(folder.toFile()).redirectError(folder.resolve("log.txt").toFile()).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        calls = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** @param words a command's launcher and its arguments */
    Outcome run(List<String> words) throws IOException {
        calls.println(JSON.writeValueAsString(words));
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("The process ended during " + words);
        }
        return JSON.readValue(answer, Outcome.class);
    }

    @Override
    public void close() {
        calls.close();
        process.destroy();
    }

    /** The other side: a call a line on the standard input, an answer a line on the standard output. */
    public static void main(String[] none) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().forEach(call -> {
            try {
                List<String> words = List.of(JSON.readValue(call, String[].class));
                answers.println(JSON.writeValueAsString(Outcome.of(COMMANDS.get(words.get(0)).get(), words.subList(1, words.size()))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

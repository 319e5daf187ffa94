package ai.modx.kernels;

import ai.modx.model.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kernels to be tried one after another, here or in a process of their own, which they may end.
 *
 * @param precision of the arithmetic
 * @param route     what computes them
 */
record KernelTrial(Precision precision, Route route, List<Kernel> kernels) {

    /** Even tens of times slower than usual, a trial takes less. */
    private static final long LONGEST_SECONDS = 300;

    /** How far sums over rows may be off by rounding: about 1e-5 and 2e-2 at most were seen. */
    static double tolerance(Precision precision) {
        return precision == Precision.BF16 ? 5e-2 : 1e-4;
    }

    /** What is done with each finding; whether to go on. */
    @FunctionalInterface
    private interface Sink {
        boolean take(Finding finding) throws IOException;
    }

    /** Wrong ones, in this process. The route is taken, and stays. */
    List<Finding> here(KernelCheck.Program program) {
        List<Finding> wrong = new ArrayList<>();
        try {
            tryOut(program, finding -> {
                if (finding.isWrong(tolerance(precision))) {
                    wrong.add(finding);
                }
                return wrong.isEmpty(); // one is enough
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return wrong;
    }

    private void tryOut(KernelCheck.Program program, Sink sink) throws IOException {
        route.take();
        try (KernelCheck check = new KernelCheck(precision, route.oneDnnForLinear(), program)) {
            for (Kernel kernel : kernels) {
                if (!sink.take(new Finding(kernel, OptionalDouble.of(check.error(kernel))))) {
                    return;
                }
            }
        }
    }

    /**
     * Wrong ones, in a child process, one of which may have ended it and is the last then.
     *
     * @throws UncheckedIOException if no process can be started
     */
    List<Finding> inChildProcess() {
        return inChildProcess(KernelTrial.class);
    }

    /** @param program whose main does what {@link #main} does; a test has another one */
    List<Finding> inChildProcess(Class<?> program) {
        try {
            Path folder = Files.createTempDirectory("modx-kernels");
            try {
                return inChildProcess(program, folder.resolve("trial"), folder.resolve("findings"), folder.resolve("crash"));
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A process to try out kernels cannot be started: " + e.getMessage(), e);
        }
    }

    private List<Finding> inChildProcess(Class<?> program, Path trial, Path findings, Path crash) throws IOException {
        Files.write(trial, lines());
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:ErrorFile=" + crash, "-XX:-CreateCoredumpOnCrash", "-cp", System.getProperty("java.class.path"), program.getName(), trial.toString(), findings.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        List<Finding> found = read(Files.exists(findings) ? Files.readAllLines(findings) : List.of());
        if (process.exitValue() != 0) {
            if (found.size() == kernels.size() || !Files.exists(findings)) {
                throw new IOException("it ended with code " + process.exitValue());
            }
            found.add(new Finding(kernels.get(found.size()), OptionalDouble.empty()));
        }
        return found.stream().filter(finding -> finding.isWrong(tolerance(precision))).toList();
    }

    private List<Finding> read(List<String> errors) {
        List<Finding> found = new ArrayList<>();
        for (String error : errors) {
            found.add(new Finding(kernels.get(found.size()), OptionalDouble.of(Double.parseDouble(error))));
        }
        return found;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(precision.name(), route.code()));
        kernels.forEach(kernel -> lines.add(kernel.code()));
        return lines;
    }

    private static KernelTrial read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return new KernelTrial(Precision.valueOf(lines.get(0)), Route.parse(lines.get(1)), lines.stream().skip(2).map(Kernel::parse).toList());
    }

    /** The child process: reads a trial from one file and writes the error of each kernel into another as soon as it is known. */
    public static void main(String... files) throws IOException {
        try (Writer findings = Files.newBufferedWriter(Path.of(files[1]))) {
            read(Path.of(files[0])).tryOut(KernelCheck.Program.OF_MODELS, finding -> {
                findings.write(finding.error().getAsDouble() + "\n");
                findings.flush();
                return true;
            });
        }
    }
}

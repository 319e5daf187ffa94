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

    /** Here, where a step waits for it; kernels that are left are not tried. */
    private static final double LONGEST_SECONDS_HERE = 6;

    /**
     * How far sums over rows may be off by rounding. Seen were at most 3e-5 in float32, 2e-2 in bfloat16, and 7e-2 in
     * bfloat16 without oneDNN, where
     * libtorch adds up in bfloat16.
     */
    double tolerance() {
        return precision != Precision.BF16 ? 1e-4 : route.oneDnn() ? 5e-2 : 0.3;
    }

    /** Of the properties of this process, those that say where native libraries are found and unpacked. */
    private static final List<String> INHERITED = List.of(
            "java.io.tmpdir",
            "jna.tmpdir",
            "java.library.path",
            "ENGINE_CACHE_DIR",
            "DJL_CACHE_DIR",
            "PYTORCH_LIBRARY_PATH",
            "PYTORCH_VERSION",
            "PYTORCH_FLAVOR");

    /** What is done with each finding; whether to go on. */
    @FunctionalInterface
    private interface Sink {
        boolean take(Finding finding) throws IOException;
    }

    /** Wrong ones, in this process: none, or the first. The route is taken, and stays. */
    List<Finding> here(KernelCheck.Program program) {
        List<Finding> wrong = new ArrayList<>();
        long start = System.nanoTime();
        try {
            tryOut(program, finding -> {
                if (finding.isWrong(tolerance())) {
                    wrong.add(finding);
                }
                return wrong.isEmpty() && (System.nanoTime() - start) * 1e-9 < LONGEST_SECONDS_HERE;
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
     * @throws UncheckedIOException if no process can be started, or it ended for another reason
     */
    List<Finding> inChildProcess() {
        return inChildProcess(KernelTrial.class);
    }

    /** @param program whose main does what {@link #main} does; a test has another one */
    List<Finding> inChildProcess(Class<?> program) {
        try {
            Path folder = Files.createTempDirectory("modx-kernels");
            try {
                return inChildProcess(
                        program, folder.resolve("trial"), folder.resolve("findings"), folder.resolve("crash"));
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Products cannot be tried in a process of their own: " + e.getMessage(), e);
        }
    }

    private List<Finding> inChildProcess(Class<?> program, Path trial, Path findings, Path crash) throws IOException {
        Files.write(trial, lines());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:ErrorFile=" + crash,
                "-XX:-CreateCoredumpOnCrash"));
        INHERITED.stream()
                .filter(name -> System.getProperty(name) != null)
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                trial.toString(),
                findings.toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        await(process);
        List<Finding> found = read(Files.exists(findings) ? Files.readAllLines(findings) : List.of());
        if (Files.exists(crash)) { // Java writes it when native code faults, and at no other end
            found.add(new Finding(kernels.get(found.size()), OptionalDouble.empty()));
        } else if (process.exitValue() != 0) {
            throw new IOException("the process ended with code " + process.exitValue());
        }
        return found.stream().filter(finding -> finding.isWrong(tolerance())).toList();
    }

    private static void await(Process process) throws IOException {
        try {
            if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly().onExit().join();
        throw new IOException(
                Thread.currentThread().isInterrupted()
                        ? "interrupted"
                        : "the process took more than " + LONGEST_SECONDS + " s");
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
        return new KernelTrial(
                Precision.valueOf(lines.get(0)),
                Route.parse(lines.get(1)),
                lines.stream().skip(2).map(Kernel::parse).toList());
    }

    /**
     * The child process: reads a trial from one file and writes the error of each kernel into another as soon as it is
     * known.
     */
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

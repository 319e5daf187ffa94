package ai.modx.kernels;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import ai.modx.model.Computation;
import ai.modx.model.LinearLayers;
import ai.modx.model.ModelConfig;
import ai.modx.model.Precision;
import ai.modx.torch.TorchEngine;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the CPU computes a model's products right, forward and backward, before a model is trained with them:
 * once for each processor,
 * engine and set of sizes, which is remembered in a folder. Where a library computes one wrong, another one is taken.
 */
public final class KernelVerification {

    private static final Logger LOG = LoggerFactory.getLogger(KernelVerification.class);

    /** Of the check itself: another one forgets what was remembered. */
    private static final int VERSION = 2;

    /**
     * Operations that are tried, of which this many take a second or two; more pairs of a batch than that are left
     * out.
     */
    private static final double MOST_OPERATIONS = 8e10;
    /** The same where bfloat16 is not the processor's, and tens of times slower. */
    private static final double MOST_OPERATIONS_IF_SLOW = 3e9;

    private static final int EXAMINED_PAIRS = 2;

    /** Token columns of a batch come in multiples of this; short ones, which are the usual ones, are tried. */
    private static final int LENGTH_STEP = 8;

    private static final int LONGEST_SHORT_TEXT = 32;

    /** Variables by which libraries choose their kernels. */
    private static final List<String> VARIABLES = List.of("ONEDNN_", "DNNL_", "MKL_", "ATEN_", "OMP_", "KMP_");

    private final Path folder;
    private final KernelCheck.Program program;

    KernelVerification(Path folder, KernelCheck.Program program) {
        this.folder = folder;
        this.program = program;
    }

    /** Of this machine, remembered where DJL keeps its libtorch. */
    public static KernelVerification ofThisMachine() {
        return new KernelVerification(Utils.getEngineCacheDir().resolve("modx-kernels"), KernelCheck.Program.OF_MODELS);
    }

    /**
     * The computation as it can be trusted: as it is, or by other libraries. Kernels of GPUs are not tried.
     *
     * @param images that one replica computes at once
     * @param texts  that one replica computes at once, which may be 0
     * @throws WrongKernelException if no library computes all products right
     */
    public Computation verified(
            ModelConfig model, Computation computation, List<Device> devices, int images, int texts) {
        if (devices.get(0).isGpu()) {
            return computation;
        }
        List<Kernel> kernels = affordable(model, computation, images, texts);
        KernelMemory memory = new KernelMemory(folder, description(computation, kernels));
        KernelMemory.Verdict verdict = memory.verdict().orElseGet(() -> decide(computation, kernels, memory));
        if (!verdict.reason().isEmpty()) {
            LOG.warn("Computing with {}: {}", verdict.route(), verdict.reason());
        }
        verdict.route().take();
        if (!computation.convolvesLinear(false) || verdict.route().oneDnnForLinear()) {
            return computation;
        }
        TorchEngine.start().oneDnn().useForLinear(false); // nor for ranking, whose products are of that kind
        return computation.with(LinearLayers.TORCH);
    }

    private KernelMemory.Verdict decide(Computation computation, List<Kernel> kernels, KernelMemory memory) {
        boolean mayCrash = memory.isInterrupted() || !memory.trying();
        try {
            KernelMemory.Verdict verdict = firstRight(computation, kernels, mayCrash);
            memory.decided(verdict);
            return verdict;
        } catch (UncheckedIOException | EngineException e) { // of the attempt, not of a kernel: too little memory, say
            memory.forget();
            return new KernelMemory.Verdict(
                    Route.of(computation).get(0),
                    "its products could not be tried, so they may be wrong ("
                            + e.getMessage().lines().findFirst().orElse("") + ")");
        }
    }

    private KernelMemory.Verdict firstRight(Computation computation, List<Kernel> kernels, boolean mayCrash) {
        long start = System.nanoTime();
        List<String> wrong = new ArrayList<>();
        for (Route route : Route.of(computation)) {
            KernelTrial trial = new KernelTrial(computation.precision(), route, kernels);
            List<Finding> findings = mayCrash ? trial.inChildProcess() : trial.here(program);
            if (findings.isEmpty()) {
                LOG.info(
                        "Tried {} kinds of products of this model, forward and backward, against plain arithmetic: right ({} s; once on this machine)",
                        kernels.size(),
                        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) * 1e-9));
                return new KernelMemory.Verdict(
                        route, wrong.isEmpty() ? "" : "wrong on this processor is " + String.join("; ", wrong));
            }
            wrong.add(findings.get(0) + ", with " + route);
        }
        throw new WrongKernelException(
                "libtorch " + TorchEngine.start().version() + " computes wrong numbers in " + computation.precision()
                        + " on this processor, " + TorchEngine.start().processor() + ": " + String.join("; ", wrong)
                        + ". Use another --precision or machine; scripts/modx doctor says more");
    }

    /**
     * What came of trying products of models.
     *
     * @param tried number of kinds of products
     * @param wrong what was found, library by library
     * @param right the libraries that compute all of them right; nothing if none do
     */
    public record Verdict(int tried, List<String> wrong, Optional<String> right) {}

    /**
     * Tries products of models in processes of their own, so that what ends them is found too; nothing is remembered.
     */
    public static Verdict examined(List<ModelConfig> models, Computation computation) {
        Set<Kernel> all = new LinkedHashSet<>();
        models.forEach(model -> all.addAll(kernels(model, computation.shortTexts(), EXAMINED_PAIRS, EXAMINED_PAIRS)));
        List<Kernel> kernels = List.copyOf(all);
        List<String> wrong = new ArrayList<>();
        for (Route route : Route.of(computation)) {
            List<Finding> findings = new KernelTrial(computation.precision(), route, kernels).inChildProcess();
            if (findings.isEmpty()) {
                return new Verdict(kernels.size(), wrong, Optional.of(route.toString()));
            }
            findings.forEach(finding -> wrong.add(finding + ", with " + route));
        }
        return new Verdict(kernels.size(), wrong, Optional.empty());
    }

    /** Kernels of as many pairs as can be tried in a few seconds. */
    static List<Kernel> affordable(ModelConfig model, Computation computation, int images, int texts) {
        boolean slow = computation.precision() == Precision.BF16
                && !(TorchEngine.start().processor().multipliesBfloat16()
                        && TorchEngine.start().oneDnn().isUsed());
        double most = slow ? MOST_OPERATIONS_IF_SLOW : MOST_OPERATIONS;
        List<Kernel> all = kernels(model, computation.shortTexts(), images, texts);
        double operations = 3 * all.stream().mapToDouble(Kernel::operations).sum();
        return operations <= most
                ? all
                : kernels(
                        model,
                        computation.shortTexts(),
                        share(images, most / operations),
                        share(texts, most / operations));
    }

    private static int share(int count, double share) {
        return (int) Math.min(count, Math.max(1, count * share));
    }

    private static List<Kernel> kernels(ModelConfig model, boolean shortTexts, int images, int texts) {
        Set<Kernel> kernels = new LinkedHashSet<>();
        if (images > 0) {
            kernels.addAll(ClipKernels.image(model, images));
        }
        if (texts > 0) {
            for (int length = LENGTH_STEP;
                    shortTexts && length <= Math.min(LONGEST_SHORT_TEXT, model.contextLength());
                    length += LENGTH_STEP) {
                kernels.addAll(ClipKernels.text(model, texts, length));
            }
            kernels.addAll(ClipKernels.text(model, texts, model.contextLength()));
        }
        return List.copyOf(kernels);
    }

    /** All that decides which kernels are taken. */
    private static String description(Computation computation, List<Kernel> kernels) {
        TorchEngine engine = TorchEngine.start();
        StringBuilder text = new StringBuilder("check ")
                .append(VERSION)
                .append("\nlibtorch ")
                .append(engine.version())
                .append(" in ")
                .append(engine.folder())
                .append('\n');
        engine.description()
                .forEach((key, value) ->
                        text.append(key).append(' ').append(value).append('\n'));
        text.append("threads ").append(JniUtils.getNumThreads()).append('\n');
        Map<String, String> variables = new TreeMap<>(System.getenv());
        variables.keySet().removeIf(name -> VARIABLES.stream().noneMatch(name::startsWith));
        variables.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        text.append("precision ")
                .append(computation.precision())
                .append("\nroute ")
                .append(Route.of(computation).get(0))
                .append('\n');
        kernels.forEach(kernel -> text.append(kernel.code()).append('\n'));
        return text.toString();
    }
}

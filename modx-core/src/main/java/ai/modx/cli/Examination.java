package ai.modx.cli;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.modx.kernels.KernelVerification;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.Precision;
import ai.modx.torch.CudaDevices;
import ai.modx.torch.DeviceNames;
import ai.modx.torch.OneDnn;
import ai.modx.torch.Processor;
import ai.modx.torch.TorchEngine;
import ai.modx.train.ProcFile;
import ai.modx.train.SelfTest;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Model.CommandSpec;

/** Looks at the machine, as the command {@code modx doctor} shows it. */
final class Examination {

    private static final String GPU_REMEDY = "See docs/gpus.md: point PYTORCH_LIBRARY_PATH at a libtorch with CUDA";

    private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

    /** Of ViT-B/32 and RN50 in training at batch 8. */
    private static final long LEAST_MEMORY = 4L << 30;

    /** What may change how commands behave. */
    private static final List<String> VARIABLES = List.of("PYTORCH_", "DJL_", "ENGINE_CACHE_DIR", "CUDA_", "OMP_", "GOMP_", "MKL_", "KMP_", "GLIBC_TUNABLES", "MALLOC_",
            "JAVA_OPTS", "LD_PRELOAD", "LD_LIBRARY_PATH", "NVIDIA_", "TORCH_");

    private static final List<String> EXAMINED_MODELS = List.of("ViTB32", "RN50");

    private final Diagnosis diagnosis = new Diagnosis();
    private final SelfTest selfTest = new SelfTest();
    private final CommandSpec command;

    /** @param command that asks, for its messages */
    Examination(CommandSpec command) {
        this.command = command;
    }

    Diagnosis diagnosis() {
        diagnosis.found("Java", System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + "), heap limit "
                + megabytes(Runtime.getRuntime().maxMemory()));
        memory();
        processors();
        diagnosis.found("engine cache", EngineCache.folder().toString());
        variables();
        images();
        try {
            engine();
        } catch (RuntimeException | Error e) { // whatever keeps it from loading is what the user asks about
            EngineCache.problem(e).ifPresentOrElse(absent -> diagnosis.problem(absent.what(), absent.remedy()),
                    () -> diagnosis.problem("libtorch cannot be loaded: " + firstLine(e),
                            "Build again with the profile of this machine (mvn package), or look at the PYTORCH_ variables above"));
        }
        return diagnosis;
    }

    private void memory() {
        ProcFile.MEMORY.bytes("MemAvailable").ifPresent(available -> {
            diagnosis.found("memory", megabytes(available) + " of " + megabytes(ProcFile.MEMORY.bytes("MemTotal").orElse(0)) + " available");
            if (available < LEAST_MEMORY) {
                diagnosis.warning("Only " + megabytes(available) + " of memory are available; training ViT-B/32 or RN50 with 8 pairs takes 4 GB",
                        "Use smaller batches or another machine");
            }
        });
    }

    private void processors() {
        int processors = Runtime.getRuntime().availableProcessors();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        diagnosis.found("processors", processors + ", load of the last minute " + (load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load)));
        Processor processor = Processor.current();
        diagnosis.found("processor", processor.toString());
        diagnosis.found("bf16 on the CPU", bf16(processor));
        if (load > 0.5 * processors) {
            diagnosis.warning("Other processes are busy; libtorch's threads then wait for the slowest of them",
                    "Stop them, or set OMP_NUM_THREADS to the number of idle processors");
        }
    }

    private static String bf16(Processor processor) {
        return processor.has("amx_bf16") ? "by AMX" : processor.has("avx512_bf16") ? "by AVX-512; scripts/bench.sh says whether it is faster than fp32 here"
                : processor.flags().isEmpty() ? "unknown" : "not by the processor: slow";
    }

    private void variables() {
        Map<String, String> set = new TreeMap<>(System.getenv());
        set.keySet().removeIf(name -> VARIABLES.stream().noneMatch(name::startsWith));
        set.forEach((name, value) -> diagnosis.found(name, value));
    }

    /** Java leaves both to libraries of the system, which small containers lack. */
    private void images() {
        try {
            BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.drawString("x", 0, 8);
            graphics.dispose();
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
            ImageIO.write(image, "jpeg", jpeg);
            ImageIO.read(new ByteArrayInputStream(jpeg.toByteArray()));
            diagnosis.found("images", "drawn and decoded by Java");
        } catch (IOException | LinkageError e) {
            diagnosis.problem("Java cannot draw or decode images: " + Failure.missingLibrary(e).orElseGet(() -> firstLine(e)), Failure.LIBRARY_REMEDY);
        }
    }

    private void engine() {
        TorchEngine engine = TorchEngine.start();
        Path library = Path.of(LibUtils.getLibtorchPath());
        Path folder = engine.folder();
        boolean cuda = Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")));
        diagnosis.found("libtorch", engine.version() + (cuda ? " with CUDA, " : " for the CPU, ") + JniUtils.getNumThreads() + " threads, " + folder);
        Optional.ofNullable(System.getenv(LIBRARY_PATH)).filter(asked -> !folder.startsWith(asked) && !library.equals(Path.of(asked))).ifPresent(asked ->
                diagnosis.warning(LIBRARY_PATH + "=" + asked + " holds no libtorch that can be used, and another one was loaded", "Name the folder of libtorch.so"));
        diagnosis.found("oneDNN", TorchEngine.start().oneDnn().toString());
        if (TorchEngine.start().oneDnn().isSuspect()) {
            diagnosis.warning(OneDnn.SUSPICION, "Use the libtorch that the build brings");
        }
        products();
        int installed = NvidiaDevices.count();
        int visible = CudaDevices.count();
        diagnosis.found("GPUs", visible == 0 ? installed == 0 ? "none: the system has no NVIDIA device (/dev/nvidia0 ...), for lack of a GPU, its driver "
                + "or access to it" : "none that libtorch can use, of " + installed + " in this machine"
                : IntStream.range(0, visible).mapToObj(Examination::gpu).collect(Collectors.joining("; ")));
        if (installed > 0 && !cuda) {
            diagnosis.warning("This machine has " + installed + " NVIDIA device(s), but this libtorch is for the CPU", GPU_REMEDY);
        } else if (installed > 0 && visible == 0) {
            diagnosis.problem("libtorch has CUDA but sees none of the " + installed + " NVIDIA device(s)",
                    "Look at CUDA_VISIBLE_DEVICES and at nvidia-smi: the driver must be recent enough for this CUDA");
        }
        List<Device> devices = visible == 0 ? List.of(Device.cpu()) : new DeviceList(DeviceList.ALL, 0, List.of()).resolve();
        for (Precision precision : visible > 0 ? Precision.values() : new Precision[] {Precision.FP32, Precision.BF16}) {
            devices.forEach(device -> compute(List.of(device), precision));
            if (devices.size() > 1) {
                compute(devices, precision);
            }
        }
    }

    /** Those of real models, on the CPU; of small models on all devices below. */
    private void products() {
        Processor processor = Processor.current();
        List<ModelConfig> models = EXAMINED_MODELS.stream().map(ModelTable.bundled()::get).toList();
        for (Precision precision : processor.multipliesBfloat16() ? List.of(Precision.FP32, Precision.BF16) : List.of(Precision.FP32)) {
            String what = "products in " + precision + " on the CPU";
            KernelVerification.Verdict found;
            try {
                found = KernelVerification.examined(models, Computation.in(precision));
            } catch (UncheckedIOException e) {
                diagnosis.warning(what + " are not known to be right. " + firstLine(e), "Look at memory, and at the folder for temporary files, "
                        + System.getProperty("java.io.tmpdir"));
                continue;
            }
            String tried = found.tried() + " kinds of " + String.join(" and ", EXAMINED_MODELS);
            found.right().ifPresentOrElse(by -> {
                diagnosis.found(what, tried + " right, forward and backward, with " + by);
                found.wrong().stream().findFirst().ifPresent(first -> diagnosis.warning(what + " are wrong on this processor: " + first
                        + (found.wrong().size() > 1 ? " (and " + (found.wrong().size() - 1) + " more)" : ""), "Nothing is to be done: training finds it too, and computes with " + by));
            }, () -> diagnosis.problem(what + " are wrong on this processor, whatever computes them: " + String.join("; ", found.wrong()),
                    "Use another precision or machine, and report it with this output"));
        }
    }

    private void compute(List<Device> devices, Precision precision) {
        String what = "computing in " + precision + " on " + (devices.size() == 1 ? DeviceNames.of(devices).get(0) : "all GPUs together");
        try {
            SelfTest.Outcome outcome = selfTest.run(devices, precision);
            diagnosis.found(what, String.format(Locale.ROOT, "features differ by %.0e from those of float64, losses of training by %.0e",
                    outcome.features(), outcome.losses()));
            if (!outcome.passed()) {
                diagnosis.problem(what + " gives wrong results: features differ by " + outcome.features() + ", losses by " + outcome.losses() + ", at most "
                        + outcome.tolerance() + " was expected", "Use another precision or device, and report it with this output");
            }
        } catch (RuntimeException e) {
            diagnosis.problem(what + " fails: " + firstLine(e), "Use another precision or device");
        }
    }

    private static String gpu(int number) {
        CudaDevices.Description device;
        try {
            device = CudaDevices.describe(number);
        } catch (IllegalStateException e) {
            return number + " (" + e.getMessage() + ")";
        }
        return number + " (" + device.name() + ", " + megabytes(device.memory()) + ", compute capability " + device.computeCapability() + ")";
    }

    private String firstLine(Throwable thrown) {
        return Failure.of(thrown, command).message().lines().findFirst().orElse("");
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MB", bytes >> 20);
    }
}

package ai.modx.cli;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.model.Precision;
import ai.modx.torch.CudaDevices;
import ai.modx.torch.OneDnn;
import ai.modx.torch.TorchEngine;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value of {@code --devices}: {@value #ALL}, {@code cpu} once for each replica, or CUDA devices by number. Reading it loads
 * no native code; what the machine has is asked by {@link #resolve()}.
 *
 * @param text as given
 * @param cpus replicas on the CPU
 * @param gpus CUDA devices; empty with {@code cpus} 0 for all of them
 */
public record DeviceList(String text, int cpus, List<Integer> gpus) {

    /** All visible CUDA devices, or else one replica on the CPU. */
    public static final String ALL = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(DeviceList.class);

    private static final Pattern GPU = Pattern.compile("(?:cuda:)?(\\d{1,4})");

    public DeviceList {
        gpus = List.copyOf(gpus);
    }

    /** Reads the value of the flag. */
    public static DeviceList parse(String text) {
        String list = text.replace(" ", "");
        if (list.equals(ALL)) {
            return new DeviceList(text, 0, List.of());
        }
        String[] names = list.split(",", -1);
        int cpus = Collections.frequency(Arrays.asList(names), "cpu");
        List<Integer> gpus = Arrays.stream(names).map(GPU::matcher).filter(Matcher::matches)
                .map(name -> Integer.valueOf(name.group(1))).toList();
        if (cpus + gpus.size() < names.length) {
            throw error(text, "expected " + ALL + ", cpu (once for each replica) or numbers of CUDA devices, such as 0,1");
        }
        if (cpus > 0 && !gpus.isEmpty()) {
            throw error(text, "cpu and CUDA devices cannot be mixed");
        }
        for (int gpu : gpus) {
            if (Collections.frequency(gpus, gpu) > 1) {
                throw error(text, "CUDA device " + gpu + " is named twice");
            }
        }
        return new DeviceList(text, cpus, gpus);
    }

    /**
     * The devices of this machine that are meant, for computing in a precision; says what the user may not expect of the two.
     *
     * @throws ConfigException if the machine lacks a device, or has the precision on none
     */
    public List<Device> resolve(Precision precision) {
        List<Device> devices = resolve();
        if (devices.get(0).isGpu()) {
            if (precision == Precision.FP32) {
                LOG.info("Computing in fp32, as the original does. --precision bf16 computes products in half as many bits, several times faster, with "
                        + "weights, features and loss in float32; --precision tf32 rounds their inputs only");
            }
            return devices;
        }
        if (precision == Precision.TF32) {
            throw new ConfigException("--precision tf32 is arithmetic of CUDA devices, but --devices " + text + " means the CPU. Use fp32 or bf16");
        }
        if (cpus == 0 && NvidiaDevices.count() > 0) {
            LOG.warn("This machine has {} NVIDIA device(s), but libtorch sees none: computing on the CPU. scripts/modx doctor says why", NvidiaDevices.count());
        }
        if (TorchEngine.start().oneDnn().isSuspect()) {
            LOG.warn("{}", OneDnn.SUSPICION);
        }
        return devices;
    }

    /**
     * The devices of this machine that are meant; loads the engine, for the CPU too: what keeps it from loading is known before
     * anything is written. CUDA itself applies {@code CUDA_VISIBLE_DEVICES}: the
     * devices that it leaves are numbered from 0.
     */
    List<Device> resolve() {
        TorchEngine.start();
        return cpus > 0 ? resolve(0, Optional.empty())
                : resolve(CudaDevices.count(), Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")));
    }

    List<Device> resolve(int visibleGpus, Optional<String> visible) {
        if (cpus > 0 || gpus.isEmpty() && visibleGpus == 0) {
            return Collections.nCopies(Math.max(1, cpus), Device.cpu());
        }
        List<Integer> numbers = gpus.isEmpty() ? IntStream.range(0, visibleGpus).boxed().toList() : gpus;
        if (Collections.max(numbers) >= visibleGpus) {
            throw error(text, "this machine has " + described(visibleGpus)
                    + visible.map(value -> " (CUDA_VISIBLE_DEVICES=" + value + ")").orElse("")
                    + (visibleGpus == 0 ? ". Use --devices cpu; scripts/modx doctor says why no GPU is found" : ""));
        }
        return numbers.stream().map(Device::gpu).toList();
    }

    private static String described(int gpus) {
        return switch (gpus) {
            case 0 -> "no CUDA device";
            case 1 -> "CUDA device 0 only";
            default -> "CUDA devices " + IntStream.range(0, gpus - 1).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                    + " and " + (gpus - 1);
        };
    }

    private static ConfigException error(String text, String problem) {
        return new ConfigException("--devices " + text + ": " + problem);
    }
}

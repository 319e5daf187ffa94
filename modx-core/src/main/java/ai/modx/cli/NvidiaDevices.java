package ai.modx.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The GPUs that the operating system knows, whether or not libtorch can use them. */
final class NvidiaDevices {

    private static final Path DEVICES = Path.of("/dev");

    private NvidiaDevices() {}

    /** NVIDIA's devices of this machine; 0 where it is not Linux. */
    static int count() {
        return count(DEVICES);
    }

    static int count(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int count = 0;
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(folder, "nvidia[0-9]*")) {
            for (Path device : devices) {
                count++;
            }
        } catch (IOException e) {
            return 0; // a folder that cannot be listed shows no device
        }
        return count;
    }
}

package ai.modx.torch;

import ai.djl.Device;
import java.util.List;

/** Devices as people write them: {@code cpu}, {@code gpu(0)}; the engine calls the first {@code cpu()}. */
public final class DeviceNames {

    private DeviceNames() {}

    /** One name a device, in order. */
    public static List<String> of(List<Device> devices) {
        return devices.stream().map(device -> device.isGpu() ? device.toString() : device.getDeviceType()).toList();
    }
}

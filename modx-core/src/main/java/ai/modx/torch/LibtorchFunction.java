package ai.modx.torch;

import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;

/** libtorch's own C++ functions by their mangled names, for what neither TorchScript nor DJL reaches. The engine must be loaded. */
final class LibtorchFunction {

    private LibtorchFunction() {}

    /**
     * @throws UnsatisfiedLinkError if this libtorch has no such function, or has it by another name, as on Windows, or JNA could not unpack
     *                              its own library into the folder for temporary files
     */
    static Function named(String mangled) {
        try {
            return NativeLibrary.getInstance(file().toString()).getFunction(mangled);
        } catch (NoClassDefFoundError e) { // what Java throws when JNA failed before
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError("JNA cannot be used; is the folder for temporary files, " + System.getProperty("java.io.tmpdir")
                    + ", full or read-only?").initCause(e);
        }
    }

    /** The library that has them. */
    static Path file() {
        Path library = Path.of(LibUtils.getLibtorchPath());
        return (Files.isDirectory(library) ? library : library.getParent()).resolve(System.mapLibraryName("torch_cpu"));
    }
}

package ai.modx.kernels;

import ai.modx.model.Computation;
import ai.modx.torch.OneDnn;
import ai.modx.torch.TorchEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Which libraries compute products on the CPU.
 *
 * @param oneDnnForLinear oneDNN computes linear layers too, as convolutions
 * @param oneDnn          oneDNN computes convolutions, and products in bfloat16
 */
record Route(boolean oneDnnForLinear, boolean oneDnn) {

    /** All that a computation may take, the fastest first. */
    static List<Route> of(Computation computation) {
        boolean linear = computation.convolvesLinear(false);
        List<Route> routes = new ArrayList<>();
        if (TorchEngine.start().oneDnn().isUsed()) {
            if (linear) {
                routes.add(new Route(true, true));
            }
            routes.add(new Route(false, true));
        }
        routes.add(new Route(false, false));
        return routes;
    }

    /** Lets the whole process take it, as far as that is the process's. */
    void take() {
        OneDnn library = TorchEngine.start().oneDnn();
        if (library.isUsed() != oneDnn) {
            library.use(oneDnn);
        }
    }

    /** In words of a file, which {@link #parse} reads. */
    String code() {
        return oneDnnForLinear + " " + oneDnn;
    }

    static boolean isCode(String text) {
        return text.matches("(true|false) (true|false)");
    }

    static Route parse(String code) {
        String[] words = code.split(" ");
        return new Route(Boolean.parseBoolean(words[0]), Boolean.parseBoolean(words[1]));
    }

    @Override
    public String toString() {
        return oneDnnForLinear
                ? "oneDNN for linear layers too"
                : oneDnn ? "the libraries that libtorch chooses" : "no oneDNN";
    }
}

package ai.modx.parallel;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which replica reduces the gradient of which parameter and updates it. Each takes part in equal measure and keeps the
 * optimizer's memory of its share alone (Rajbhandari et al. 2020, <i>ZeRO</i>, stage 1).
 *
 * @param indices of each replica's parameters, ascending; together all, each once
 */
record ParameterShares(List<List<Integer>> indices) {

    ParameterShares {
        indices = indices.stream().map(List::copyOf).toList();
    }

    /**
     * Shares of about equal size: the largest parameters first, each to whoever has least.
     *
     * @param sizes      elements of each parameter
     * @param ofTheFirst a parameter that the first replica must have
     */
    static ParameterShares balanced(List<Long> sizes, int replicas, int ofTheFirst) {
        List<List<Integer>> shares = new ArrayList<>();
        long[] taken = new long[replicas];
        for (int i = 0; i < replicas; i++) {
            shares.add(new ArrayList<>());
        }
        shares.get(0).add(ofTheFirst);
        IntStream.range(0, sizes.size()).filter(i -> i != ofTheFirst).boxed()
                .sorted(Comparator.<Integer, Long>comparing(sizes::get).reversed()).forEach(parameter -> {
                    int least = IntStream.range(0, replicas).boxed().min(Comparator.comparing(replica -> taken[replica])).orElseThrow();
                    shares.get(least).add(parameter);
                    taken[least] += sizes.get(parameter);
                });
        shares.forEach(share -> share.sort(Comparator.naturalOrder()));
        return new ParameterShares(shares);
    }

    /** The parameters of a replica's share out of a list of all. */
    List<NDArray> of(int replica, List<NDArray> parameters) {
        return indices.get(replica).stream().map(parameters::get).toList();
    }

    /** Who has a parameter. */
    int owner(int parameter) {
        return IntStream.range(0, indices.size()).filter(replica -> indices.get(replica).contains(parameter)).findFirst().orElseThrow();
    }
}

package ai.modx.checkpoint;

import ai.modx.torch.TensorSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of an SGD optimizer with momentum as torch's {@code state_dict} lays it out.
 *
 * @param groups the parameter groups; parameters are numbered through all of them
 */
public record SgdState(List<Group> groups) {

    /**
     * A group of parameters.
     *
     * @param lr          learning rate of the last step
     * @param initialLr   learning rate that the schedule scales
     * @param momentum    decay of the momentum buffers
     * @param weightDecay of every parameter
     * @param momenta     the buffers, one a parameter
     */
    public record Group(double lr, double initialLr, double momentum, double weightDecay, List<? extends TensorSource> momenta) {

        public Group {
            momenta = List.copyOf(momenta);
        }
    }

    public SgdState {
        groups = List.copyOf(groups);
    }

    /**
     * Reads what {@link #toTree()} or torch's {@code SGD.state_dict()} wrote.
     *
     * @throws CheckpointException if it is the state of another optimizer, or one without momenta
     */
    public static SgdState of(Tree optimizer) {
        Map<String, Tree> state = optimizer.get("state").asMap();
        List<Group> groups = new ArrayList<>();
        Set<Long> grouped = new HashSet<>(); // a file can name one list of parameters in very many groups
        for (Tree group : optimizer.get("param_groups").asList()) {
            List<TensorSource> momenta = new ArrayList<>();
            for (Tree number : group.get("params").asList()) {
                Tree entry = state.get(Long.toString(number.asLong()));
                if (!grouped.add(number.asLong())) {
                    throw number.unexpected("a parameter that is in no other group");
                }
                if (entry == null) {
                    throw optimizer.get("state").unexpected("a momentum buffer of parameter " + number.asLong());
                }
                momenta.add(entry.get("momentum_buffer").asTensor());
            }
            double lr = group.get("lr").asDouble();
            groups.add(new Group(lr, group.find("initial_lr").map(Tree::asDouble).orElse(lr), group.get("momentum").asDouble(),
                    group.get("weight_decay").asDouble(), momenta));
        }
        return new SgdState(groups);
    }

    /** The tree that torch's {@code SGD.load_state_dict} accepts. */
    public Map<String, Object> toTree() {
        Map<Object, Object> state = new LinkedHashMap<>();
        List<Object> paramGroups = new ArrayList<>();
        for (Group group : groups) {
            List<Object> numbers = new ArrayList<>();
            for (TensorSource momentum : group.momenta) {
                numbers.add(state.size());
                state.put(state.size(), Map.of("momentum_buffer", momentum));
            }
            paramGroups.add(groupTree(group, numbers));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state", state);
        tree.put("param_groups", paramGroups);
        return tree;
    }

    private static Map<String, Object> groupTree(Group group, List<Object> numbers) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("lr", group.lr);
        tree.put("momentum", group.momentum);
        tree.put("dampening", 0);
        tree.put("weight_decay", group.weightDecay);
        tree.put("nesterov", false);
        tree.put("maximize", false);
        tree.put("foreach", null);
        tree.put("differentiable", false);
        tree.put("fused", null);
        tree.put("initial_lr", group.initialLr);
        tree.put("params", numbers);
        return tree;
    }
}

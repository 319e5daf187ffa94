package ai.modx.checkpoint;

import ai.modx.optim.AdamW.Moments;
import ai.modx.torch.HostTensor;
import ai.modx.torch.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of an AdamW optimizer as torch's {@code state_dict} lays it out: parameters are numbered in the order in which
 * the model lists them (buffers have no number).
 *
 * @param groups  the parameter groups; the original has one
 * @param moments by parameter number; a parameter that has not been stepped yet has none
 */
public record AdamWState(List<Group> groups, SortedMap<Integer, Moments> moments) {

    /**
     * The settings of a group of parameters.
     *
     * @param lr        learning rate of the last step
     * @param initialLr learning rate that the schedule scales
     * @param params    numbers of its parameters
     */
    public record Group(
            double lr, double initialLr, double beta1, double beta2, double eps, double weightDecay, List<Integer> params) {

        public Group {
            params = List.copyOf(params);
        }
    }

    public AdamWState {
        groups = List.copyOf(groups);
        moments = Collections.unmodifiableSortedMap(new TreeMap<>(moments));
    }

    /** The most steps that any parameter has taken; 0 before the first. */
    public long step() {
        return moments.values().stream().mapToLong(Moments::step).max().orElse(0);
    }

    /**
     * Reads what {@link #toTree()} or torch's {@code AdamW.state_dict()} wrote.
     *
     * @return empty for the state of another kind of optimizer
     * @throws CheckpointException if it is an Adam's state, but incomplete
     */
    static Optional<AdamWState> of(Tree optimizer) {
        if (!optimizer.isMap() || optimizer.find("state").isEmpty() || optimizer.find("param_groups").isEmpty()) {
            return Optional.empty();
        }
        List<Group> groups = new ArrayList<>();
        Set<Integer> grouped = new HashSet<>();
        for (Tree group : optimizer.get("param_groups").asList()) {
            if (group.find("betas").isEmpty()) {
                return Optional.empty();
            }
            groups.add(group(group, grouped));
        }
        SortedMap<Integer, Moments> moments = new TreeMap<>();
        optimizer.get("state").asMap().forEach((number, of) -> moments.put(number(number, of), moments(of)));
        return Optional.of(new AdamWState(groups, moments));
    }

    private static int number(String key, Tree of) {
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw of.unexpected("a parameter's number as the key");
        }
    }

    /** @param grouped parameters of earlier groups; a file can name one list of parameters in very many groups */
    private static Group group(Tree group, Set<Integer> grouped) {
        List<Tree> betas = group.get("betas").asList();
        if (betas.size() != 2) {
            throw group.get("betas").unexpected("a pair of numbers");
        }
        double lr = group.get("lr").asDouble();
        return new Group(lr, group.find("initial_lr").map(Tree::asDouble).orElse(lr), betas.get(0).asDouble(),
                betas.get(1).asDouble(), group.get("eps").asDouble(), group.get("weight_decay").asDouble(),
                group.get("params").asList().stream().map(param -> parameter(param, grouped)).toList());
    }

    private static int parameter(Tree number, Set<Integer> grouped) {
        if (!grouped.add(number.asIndex())) {
            throw number.unexpected("a parameter that is in no other group");
        }
        return number.asIndex();
    }

    /** The step is a float32 scalar since torch 1.12 and was a plain number before. */
    private static Moments moments(Tree of) {
        return new Moments(of.get("step").asLong(), of.get("exp_avg").asTensor(), of.get("exp_avg_sq").asTensor());
    }

    /** The tree that torch's {@code AdamW.load_state_dict} accepts. */
    Map<String, Object> toTree() {
        Map<Object, Object> state = new LinkedHashMap<>();
        moments.forEach((number, of) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("step", HostTensor.of(new float[] {of.step()}));
            entry.put("exp_avg", of.expAvg());
            entry.put("exp_avg_sq", of.expAvgSq());
            state.put(number, entry);
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state", state);
        tree.put("param_groups", groups.stream().map(AdamWState::groupTree).toList());
        return tree;
    }

    private static Map<String, Object> groupTree(Group group) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("lr", group.lr);
        tree.put("betas", Tuple.of(group.beta1, group.beta2));
        tree.put("eps", group.eps);
        tree.put("weight_decay", group.weightDecay);
        tree.put("amsgrad", false);
        tree.put("foreach", null);
        tree.put("maximize", false);
        tree.put("capturable", false);
        tree.put("differentiable", false);
        tree.put("fused", null);
        tree.put("initial_lr", group.initialLr);
        tree.put("params", group.params);
        return tree;
    }
}

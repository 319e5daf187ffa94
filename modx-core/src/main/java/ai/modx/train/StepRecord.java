package ai.modx.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of one optimizer step: a line of {@code metrics.jsonl}.
 *
 * @param epoch       counted from 0
 * @param globalStep  steps taken, this one included
 * @param lr          the learning rate it used
 * @param loss        mean over its micro-batches
 * @param parts       the method's own values, means over the micro-batches
 * @param logitScale  after the step
 * @param gradNorm    Euclidean length of all gradients together
 * @param pairs       image-text pairs seen
 * @param dataSeconds waited for data
 * @param stepSeconds whole duration
 * @param peakMemory  most bytes ever held in the memory of what computes, where the system tells: of a GPU as nvidia-smi shows them, on
 *                    the CPU by this process
 */
public record StepRecord(
        int epoch, long globalStep, double lr, double loss, Map<String, Double> parts, double logitScale, double gradNorm,
        int pairs, double dataSeconds, double stepSeconds, OptionalLong peakMemory) {

    /** The record by the names of {@code metrics.jsonl}, in order. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("epoch", epoch);
        map.put("global_step", globalStep);
        map.put("lr", lr);
        map.put("loss", loss);
        map.putAll(parts);
        map.put("logit_scale", logitScale);
        map.put("grad_norm", gradNorm);
        map.put("pairs_per_s", pairs / stepSeconds);
        map.put("data_s", dataSeconds);
        map.put("step_s", stepSeconds);
        peakMemory.ifPresent(bytes -> map.put("peak_memory_mb", bytes >> 20));
        return map;
    }
}

package ai.modx.lineareval;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointFile;
import ai.modx.checkpoint.SgdState;
import ai.modx.checkpoint.TorchFile;
import ai.modx.checkpoint.Tree;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import ai.modx.torch.OrderedDict;
import ai.modx.torch.TensorSource;
import ai.modx.train.RunIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code checkpoint.pth} of a linear evaluation, with the original's keys for Python and ours for continuing.
 *
 * @param epoch      finished epochs
 * @param globalStep steps taken
 * @param evaluated  epochs whose accuracy is known: one less than finished, if a signal cut an evaluation off
 * @param best       the best epoch so far, if one was finished
 * @param classifier state dict of torch's Linear
 * @param encoder    state dict of the whole model, if its encoder is trained; else empty
 * @param optimizer  classifier first, then the encoder
 * @param schedule   state dict of torch's CosineAnnealingLR; not read back
 * @param identity   what must be the same for the run to be continued
 * @param badImages  numbers of the training images that were met and could not be used
 * @param statsLines of stats.txt, when it was saved
 */
record ProbeCheckpoint(
        int epoch, long globalStep, int evaluated, Optional<Accuracy> best, Map<String, TensorSource> classifier, Map<String, TensorSource> encoder,
        SgdState optimizer, Map<String, Object> schedule, RunIdentity identity, List<Integer> badImages, long statsLines) {

    private static final String EPOCH = "epoch";
    private static final String GLOBAL_STEP = "global_step";
    private static final String BEST = "best_acc";
    private static final String CLASSIFIER = "classifier";
    private static final String ENCODER = "model_state_dict";
    private static final String OPTIMIZER = "optimizer";
    private static final String IDENTITY = "identity";
    private static final String EVALUATED = "evaluated";
    private static final String BAD_IMAGES = "bad_images";
    private static final String STATS_LINES = "stats_lines";

    /** Writes the file; an earlier one stays whole until the new one is. */
    void write(Path file) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(EPOCH, epoch);
        tree.put(GLOBAL_STEP, globalStep);
        tree.put(BEST, bestTree());
        tree.put(CLASSIFIER, new OrderedDict(classifier));
        tree.put(OPTIMIZER, optimizer.toTree());
        tree.put("scheduler", schedule);
        if (!encoder.isEmpty()) {
            tree.put(ENCODER, new OrderedDict(encoder));
        }
        tree.put(Checkpoint.RUN, ours());
        TorchFile.write(file, tree);
    }

    /** In a fixed order, unlike Map.of's, which changes from process to process: equal runs give equal files. */
    private Map<String, Object> ours() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(IDENTITY, identity.values());
        tree.put(EVALUATED, evaluated);
        tree.put(BAD_IMAGES, badImages);
        tree.put(STATS_LINES, statsLines);
        return tree;
    }

    /** A plain dict where the original has an {@code argparse.Namespace}, which torch no longer loads. */
    private Map<String, Object> bestTree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("top1", best.map(Accuracy::acc1).orElse(0.0));
        tree.put("top5", best.map(Accuracy::acc5).orElse(0.0));
        best.ifPresent(accuracy -> {
            tree.put("mean_recall", accuracy.meanRecall());
            tree.put(EPOCH, accuracy.epoch());
        });
        return tree;
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws CheckpointException if it cannot be read or holds no run of this toolkit
     */
    static Optional<ProbeCheckpoint> find(Path file) {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static ProbeCheckpoint read(Path file) {
        Tree root = CheckpointFile.read(file).root();
        if (!root.isMap() || root.find(Checkpoint.RUN).isEmpty() || root.find(CLASSIFIER).isEmpty()) {
            throw new CheckpointException(file + " holds no linear evaluation of this toolkit that could be continued. "
                    + "Choose another --checkpoint-dir, or move the file away");
        }
        Tree best = root.get(BEST);
        Tree ours = root.get(Checkpoint.RUN);
        Map<String, TensorSource> classifier = classifier(root.get(CLASSIFIER));
        return new ProbeCheckpoint(root.get(EPOCH).asIndex(), root.get(GLOBAL_STEP).asCount(), ours.get(EVALUATED).asIndex(),
                best.find(EPOCH).map(at -> new Accuracy(at.asIndex(), best.get("top1").asDouble(), best.get("top5").asDouble(),
                        best.get("mean_recall").asDouble())),
                classifier, root.find(ENCODER).map(ProbeCheckpoint::tensors).orElse(Map.of()), optimizer(root.get(OPTIMIZER), classifier),
                Map.of(), RunIdentity.of(ours.get(IDENTITY)),
                ours.find(BAD_IMAGES).map(Tree::asList).orElse(List.of()).stream().map(Tree::asIndex).toList(), ours.get(STATS_LINES).asCount());
    }

    private static Map<String, TensorSource> classifier(Tree dict) {
        Map<String, TensorSource> tensors = tensors(dict);
        TensorSource weight = tensors.get(LinearClassifier.WEIGHT);
        TensorSource bias = tensors.get(LinearClassifier.BIAS);
        boolean whole = tensors.size() == 2 && weight != null && bias != null && weight.type() == ElementType.FLOAT32 && bias.type() == ElementType.FLOAT32
                && weight.shape().length == 2 && Arrays.equals(bias.shape(), new long[] {weight.shape()[0]});
        if (!whole) {
            throw dict.unexpected("a float32 weight (classes, features) and bias (classes)");
        }
        return tensors;
    }

    private static SgdState optimizer(Tree tree, Map<String, TensorSource> classifier) {
        SgdState optimizer = SgdState.of(tree);
        boolean fits = !optimizer.groups().isEmpty() && optimizer.groups().get(0).momenta().size() == 2
                && Arrays.equals(optimizer.groups().get(0).momenta().get(0).shape(), classifier.get(LinearClassifier.WEIGHT).shape())
                && Arrays.equals(optimizer.groups().get(0).momenta().get(1).shape(), classifier.get(LinearClassifier.BIAS).shape());
        if (!fits) {
            throw tree.unexpected("SGD's state with momenta of the classifier's weight and bias");
        }
        return optimizer;
    }

    private static Map<String, TensorSource> tensors(Tree dict) {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        dict.asMap().forEach((name, tensor) -> tensors.put(name, tensor.asTensor()));
        return tensors;
    }

    /** What the run trained, to be compared. */
    String trained() {
        long[] shape = classifier.get(LinearClassifier.WEIGHT).shape();
        return trained(shape[0], shape[1], !encoder.isEmpty());
    }

    /** In words: a classifier's shape, and whether the encoder is trained with it. */
    static String trained(long classes, long features, boolean encoder) {
        return classes + " classes on " + features + " features" + (encoder ? " and the encoder" : "");
    }

    /** The classifier's tensors. */
    Map<String, HostTensor> classifierState() {
        return loaded(classifier);
    }

    /** The model's tensors, if its encoder was trained. */
    Map<String, HostTensor> encoderState() {
        return loaded(encoder);
    }

    private static Map<String, HostTensor> loaded(Map<String, TensorSource> tensors) {
        Map<String, HostTensor> loaded = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> loaded.put(name, tensor.load()));
        return loaded;
    }
}

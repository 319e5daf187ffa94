package ai.modx.checkpoint;

import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.model.ParameterSpec;
import ai.modx.torch.ElementType;
import ai.modx.torch.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A trained model read from a file of any known format and layout: the original's dict, a bare state dict, one under
 * {@code state_dict} or {@code model}, with or without what wrappers put before the names, a TorchScript archive, safetensors, Hugging Face's
 * names.
 *
 * @param path      where it was read from
 * @param format    the file's format
 * @param model     weights and buffers under OpenAI's names, with the element types of the file
 * @param optimizer AdamW's state, where the file has one
 * @param entries   the file's whole content; what was saved beside the model is found here
 */
public record Checkpoint(
        Path path, Format format, Map<String, HostTensor> model, Optional<AdamWState> optimizer, Tree entries) {

    static final String EPOCH = "epoch";
    static final String GLOBAL_STEP = "global_step";
    static final String MODEL = "model_state_dict";
    static final String OPTIMIZER = "optimizer_state_dict";
    /** What a run of this toolkit says of itself beside the original's keys. */
    public static final String RUN = "modx";

    private static final List<String> MODEL_KEYS = List.of(MODEL, "state_dict", "model");
    static final List<String> OPTIMIZER_KEYS = List.of(OPTIMIZER, "optimizer");

    /**
     * Reads a checkpoint.
     *
     * @throws CheckpointException if the file cannot be read (see {@link CheckpointFile#read}) or holds no model
     */
    public static Checkpoint read(Path path) {
        return of(CheckpointFile.read(path));
    }

    /** The model in a file that was read. */
    static Checkpoint of(CheckpointFile file) {
        Path path = file.path();
        Tree root = file.root();
        if (!root.isMap()) {
            throw root.unexpected("a dict with a model");
        }
        Tree weights = modelIn(root).orElseThrow(() -> new CheckpointException("Checkpoint " + path + " holds no model: expected "
                + String.join(", ", MODEL_KEYS) + " or tensors alone, found the keys " + root.asMap().keySet().stream().limit(10).toList()));
        Map<String, HostTensor> model = new LinkedHashMap<>();
        byName(weights).forEach((name, tensor) -> model.put(name, tensor.asTensor()));
        Optional<AdamWState> optimizer = OPTIMIZER_KEYS.stream()
                .flatMap(key -> root.find(key).stream())
                .findFirst()
                .flatMap(AdamWState::of);
        return new Checkpoint(path, file.format(), ForeignNames.toOpenAi(model), optimizer, root);
    }

    /**
     * Reads a checkpoint of a known architecture.
     *
     * @param modelName the architecture's name, for the message
     * @throws CheckpointException as above, and if the model has other tensors than the architecture
     */
    public static Checkpoint read(Path path, ModelConfig config, String modelName) {
        Checkpoint checkpoint = read(path);
        checkpoint.requireComputable(config, modelName);
        return checkpoint;
    }

    /**
     * Checks that an architecture computes with the weights: that they are its tensors, that all of them are finite numbers, and that nothing beside
     * them says that they are meant otherwise.
     *
     * @param modelName the architecture's name, for the message
     * @throws CheckpointException that says what does not fit
     */
    public void requireComputable(ModelConfig config, String modelName) {
        fit(ClipParameters.of(config).stream().collect(Collectors.toMap(ParameterSpec::name, ParameterSpec::shape, (a, b) -> a, LinkedHashMap::new)), modelName);
        for (ParameterSpec spec : ClipParameters.of(config)) {
            ElementType type = model.get(spec.name()).type();
            if (spec.kind() != ParameterSpec.Kind.COUNTER && !type.isFloating()) {
                throw new CheckpointException(path + " has quantised weights: " + spec.name() + " is " + type.name().toLowerCase(Locale.ROOT)
                        + ". Expected numbers of 16 bits or more with a floating point; save the model as such in Python");
            }
        }
        requireFinite();
        if (entries.find(RUN).isEmpty()) { // of a run of this toolkit it is known what computed it
            StatedConfig.check(path, huggingFace(), config);
            StatedConfig.warnOfTraining(path, entries);
        }
    }

    /**
     * Checks that all weights are finite numbers.
     *
     * @throws CheckpointException that names the first tensor with others
     */
    void requireFinite() {
        FiniteTensors.broken(model).entrySet().stream().findFirst().ifPresent(broken -> {
            throw new CheckpointException(path + " has weights that are not finite: " + broken.getValue() + " of the numbers in " + broken.getKey()
                    + " are infinite or NaN. Give an earlier checkpoint; modx inspect lists all such tensors");
        });
    }

    private boolean huggingFace() {
        return modelIn(entries).map(weights -> HuggingFaceNames.matches(byName(weights).keySet())).orElse(false);
    }

    /** What weights are that no architecture of a table fits, and what to do about it, if that is known. */
    public Optional<String> whatElse() {
        return ForeignNames.whatElse(path.getFileName().toString(), model.keySet());
    }

    /** How many numbers of each tensor are infinite or undefined, of those that have any. Reads all of them. */
    Map<String, Long> notFinite() {
        return FiniteTensors.broken(model);
    }

    /** The dict of weights in a file, wherever it is; empty if there is none. */
    static Optional<Tree> modelIn(Tree root) {
        for (String key : MODEL_KEYS) {
            Optional<Tree> model = root.find(key);
            if (model.isPresent() && model.get().isMap()) {
                return model;
            }
        }
        Map<String, Tree> entries = root.asMap();
        return entries.isEmpty() || !entries.values().stream().allMatch(Tree::isTensor) ? Optional.empty() : Optional.of(root);
    }

    /** The weights by the names that the model's own class gives them. */
    static Map<String, Tree> byName(Tree model) {
        return ForeignNames.unwrapped(model.asMap());
    }

    /** The epoch that was running when it was saved, counted from 0; empty if the file does not say. */
    public OptionalLong epoch() {
        return number(EPOCH);
    }

    /** Optimizer steps taken before it was saved; empty if the file does not say. */
    public OptionalLong globalStep() {
        return number(GLOBAL_STEP);
    }

    private OptionalLong number(String key) {
        Optional<Tree> entry = entries.find(key);
        if (entry.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!entry.get().isText()) {
            return OptionalLong.of(entry.get().asCount());
        }
        try {
            long number = Long.parseLong(entry.get().asString()); // safetensors knows only texts
            if (number >= 0) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // falls through
        }
        throw entry.get().unexpected("a whole number of at least 0");
    }

    /** Shape of every weight and buffer by name. */
    public Map<String, long[]> shapes() {
        return model.entrySet().stream()
                .filter(entry -> !ScriptModuleState.DESCRIPTIONS.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().shape(), (a, b) -> a, LinkedHashMap::new));
    }

    /** What the shapes tell about the model, in words; empty if they are not those of a CLIP. */
    public Optional<String> architecture() {
        return Architecture.of(shapes()).map(Architecture::summary);
    }

    /**
     * Checks that the model has exactly the tensors of an architecture.
     *
     * @param expected  shape of every weight and buffer by name
     * @param modelName the architecture's name, for the message
     * @throws OtherModelException that says what is missing, what is unexpected and what has another shape
     * @throws CheckpointException if it holds something else than a whole CLIP
     */
    void fit(Map<String, long[]> expected, String modelName) {
        String difference = ShapeDifference.between(shapes(), expected);
        if (!difference.isEmpty()) {
            whatElse().ifPresent(other -> {
                throw new CheckpointException(path + " does not fit " + modelName + ": " + other);
            });
            String looksLike = architecture().map(seen -> "; the checkpoint holds " + seen).orElse("");
            throw new OtherModelException(path + " does not fit " + modelName + ": " + difference + looksLike, shapes());
        }
    }

    /**
     * Checks that the optimizer's moments belong to these parameters.
     *
     * @param parameters shape of every parameter by name, in the model's order, without buffers
     * @throws CheckpointException if any are missing, or of another shape
     */
    public void fitOptimizer(Map<String, long[]> parameters) {
        List<String> names = List.copyOf(parameters.keySet());
        optimizer.filter(state -> state.moments().size() < names.size()).ifPresent(state -> {
            throw new CheckpointException(path + " has optimizer state for " + state.moments().size() + " of the model's " + names.size()
                    + " parameters only");
        });
        optimizer.ifPresent(state -> state.moments().forEach((number, moments) -> {
            if (number < 0 || number >= names.size()) {
                throw new CheckpointException(path + " has optimizer state for parameter " + number + ", but the model has only "
                        + names.size() + " parameters");
            }
            String name = names.get(number);
            ShapeDifference.check(path + ": optimizer state of " + name, moments.expAvg().shape(), parameters.get(name));
            ShapeDifference.check(path + ": optimizer state of " + name, moments.expAvgSq().shape(), parameters.get(name));
        }));
    }
}

package ai.modx.fuzz;

import ai.modx.checkpoint.Checkpoint;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.CheckpointFile;
import ai.modx.checkpoint.CheckpointSummary;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.checkpoint.ConvertedModel;
import ai.modx.checkpoint.EventDecoder;
import ai.modx.checkpoint.EventFile;
import ai.modx.checkpoint.Layout;
import ai.modx.checkpoint.Tree;
import ai.modx.config.ConfigException;
import ai.modx.config.Recipe;
import ai.modx.data.CocoCaptions;
import ai.modx.data.DataException;
import ai.modx.data.KarpathyCaptions;
import ai.modx.data.ListFile;
import ai.modx.data.SplitMix;
import ai.modx.data.image.ImageGlance;
import ai.modx.data.image.ImageLoader;
import ai.modx.data.image.ImageTransform;
import ai.modx.data.image.RandomResizedCrop;
import ai.modx.data.image.RgbImageLoader;
import ai.modx.eval.ClassNamesFile;
import ai.modx.eval.PromptTemplates;
import ai.modx.eval.ResultsMatrix;
import ai.modx.eval.RetrievalReport;
import ai.modx.model.ClipParameters;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.text.ClipTokenizer;
import ai.modx.torch.HostTensor;
import ai.modx.torch.PickleWriter;
import ai.modx.train.ReadLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All readers of modx-core. A new one is one line here. */
final class FuzzTargets {

    private static final int SIDE = 32;
    private static final ClipTokenizer TOKENIZER = ClipTokenizer.load();
    private static final PickleWriter CHECKPOINT = Seeds.checkpointPickle();
    private static final PickleWriter MODULE = Seeds.modulePickle();
    private static final FuzzTarget.Framing IN_CHECKPOINT = Seeds.archive(CHECKPOINT);
    private static final FuzzTarget.Framing IN_MODULE = Seeds.archive(MODULE, "constants.pkl");
    private static final String COCO = """
            {"info":{"year":2014},"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b/c.jpg"}],
             "annotations":[{"image_id":1,"id":7,"caption":"A dog."},{"image_id":2,"id":8,"caption":"Zwei K\u00e4tzchen."}]}""";
    private static final String KARPATHY = """
            {"images":[{"sentids":[0,1],"imgid":0,"sentences":[{"tokens":["a"],"raw":"A dog &amp; a cat.","sentid":0}],"split":"train","filename":"1.jpg"},
             {"filepath":"val2014","sentences":[{"raw":"b"},{"raw":"c"}],"split":"val","filename":"2.jpg"}],"dataset":"flickr30k"}""";
    private static final String RECIPE = "# a recipe\nparams_lr: 5e-4\nnum-workers: 2\nall_phases: true\ndevices: [cpu, 'cpu']\nseed: \"11\"\n";
    private static final String REPORT = """
            {"coco":{"i2t":{"r1":1.5,"r5":2,"r10":3,"medr":4.5,"meanr":5},"t2i":{"r1":1,"r5":2,"r10":3,"medr":4,"meanr":5},"rsum":12.5,"images":5,"captions":25,
             "folds":{"count":5,"i2t":{"r1":1,"r5":2,"r10":3,"medr":4,"meanr":5},"t2i":{"r1":1,"r5":2,"r10":3,"medr":4,"meanr":5}}}}""";
    private static final String MATRIX = "{\"method\":\"modx\",\"new_data\":[\"coco\"],\"stages\":[{\"stage\":\"before\",\"results\":" + REPORT
            + "},{\"stage\":\"phase 1\",\"results\":" + REPORT + "}]}";

    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget("torch zip", List.of(Seeds.checkpoint(".pt")), Formats.ZIP, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("torch zip tree", Seeds.golden("checkpoints", "variety_(zip|protocol4).pt", 1 << 14), Formats.ZIP, FuzzTargets::tree,
                        CheckpointException.class),
                new FuzzTarget("torch zip pickle", List.of(CHECKPOINT.bytes()), Formats.PICKLE, IN_CHECKPOINT, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("torch legacy", Seeds.golden("checkpoints", "variety_legacy.pt|micro_vit_legacy.pt", 1 << 19), Formats.PICKLE,
                        FuzzTargets::tree, CheckpointException.class),
                new FuzzTarget("TorchScript", Seeds.all(List.of(Seeds.file(IN_MODULE, MODULE.bytes())), Seeds.golden("checkpoints", ".*torchscript.pt", 1 << 19)),
                        Formats.ZIP, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("TorchScript pickle", List.of(MODULE.bytes()), Formats.PICKLE, IN_MODULE, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("safetensors", Seeds.all(List.of(Seeds.checkpoint(".safetensors")), Seeds.golden("checkpoints", "variety.*safetensors", 1 << 14)),
                        Formats.JSON, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("safetensors header", Seeds.texts("""
                        {"__metadata__":{"epoch":"3"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}"""),
                        Formats.JSON, FuzzTargets::safetensors, FuzzTargets::checkpoint, CheckpointException.class),
                new FuzzTarget("COCO annotations", Seeds.texts(COCO), Formats.JSON, file -> CocoCaptions.read(file, file.getParent()), DataException.class),
                new FuzzTarget("Karpathy annotations", Seeds.texts(KARPATHY), Formats.JSON,
                        file -> KarpathyCaptions.read(file, file.getParent(), Set.of("train", "val")), DataException.class),
                new FuzzTarget("recipe", Seeds.texts(RECIPE), Formats.YAML,
                        file -> Recipe.read(file, List.of("params_lr", "num_workers", "all_phases", "devices", "seed")).values(), ConfigException.class),
                new FuzzTarget("model table", Seeds.golden("checkpoints", "micro.*yaml", 1 << 10), Formats.YAML,
                        file -> ModelTable.read(file).fitting(Map.of()), ConfigException.class),
                config("open_clip config", Layout.OPEN_CLIP, "open_clip_config.json"),
                config("Hugging Face config", Layout.HUGGINGFACE, "config.json"),
                config("Hugging Face pixels", Layout.HUGGINGFACE, "preprocessor_config.json"),
                new FuzzTarget("JPEG", Seeds.all(Seeds.golden("preprocess/images", "jpeg.*", 1 << 15), Seeds.pictures("sampling|restarts|whole|the first")),
                        Formats.JPEG, FuzzTargets::image, DataException.class),
                new FuzzTarget("PNG", Seeds.golden("preprocess/images", "png.*", 1 << 14), Formats.PNG, FuzzTargets::image, DataException.class),
                new FuzzTarget("PNG chunks", Seeds.pictures("png_"), Formats.PNG, Seeds::withChecksums, FuzzTargets::image, DataException.class),
                new FuzzTarget("class names", Seeds.texts("n01440764\ttench, Tinca tinca\nn01443537\tgoldfish\n",
                        "tench\r\nK\u00e4tzchen\r\n",
                        "n01440764 tench, Tinca tinca\nn01443537: goldfish\n"), Formats.TEXT,
                        file -> ClassNamesFile.read(file, List.of("n01440764", "n01443537")).shared(), DataException.class),
                new FuzzTarget("list of texts", Seeds.texts("\ufeffA dog.\r\n\r\nK\u00e4tzchen \r\n"), Formats.TEXT,
                        file -> ListFile.read("--texts", file, "texts").texts(),
                        DataException.class),
                new FuzzTarget("templates", Seeds.texts("a photo of a {}.\na drawing of a {}.\n"), Formats.TEXT, PromptTemplates::read, DataException.class),
                new FuzzTarget("caption", Seeds.texts("A dog &amp; its ball.", "It's 12 o'clock, isn't it? \u00c4\u00e9\u4e2d\u6587"), Formats.TEXT,
                        file -> TOKENIZER.tokenize(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), 77), NoRefusal.class),
                new FuzzTarget("retrieval report", Seeds.texts(REPORT), Formats.JSON, file -> RetrievalReport.read(file).toText(), DataException.class),
                new FuzzTarget("results matrix", Seeds.texts(MATRIX), Formats.JSON, file -> ResultsMatrix.read(file).toJson(), DataException.class),
                new FuzzTarget("run logs", Seeds.texts("{\"epoch\":0,\"global_step\":4,\"retrieval\":" + REPORT.replace("\n", "") + "}\n{\"epoch\":1,\"global_step\":8}\n"),
                        Formats.JSON, ReadLogs::lines, NoRefusal.class),
                new FuzzTarget("run description", Seeds.texts("{\"arguments\":[\"--seed\",\"3\"],\"saved_checkpoints\":\"/tmp/run\",\"seed\":3}"), Formats.JSON,
                        ReadLogs::description, NoRefusal.class),
                new FuzzTarget("TensorBoard events", List.of(EventDecoder.good()), Formats.PROTOBUF, EventDecoder::framed,
                        file -> EventFile.keeping(file, event -> !event.scalars().containsKey("")).close(), NoRefusal.class));
    }

    /** Of a reader that takes everything. */
    @SuppressWarnings("serial")
    private static final class NoRefusal extends RuntimeException {}

    private static void checkpoint(Path file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        CheckpointSummary.lines(checkpoint, true);
        checkpoint.model().values().stream().limit(10).forEach(HostTensor::toFloatArray);
    }

    private static void tree(Path file) {
        CheckpointFile.read(file).root().asMap().values().stream().filter(Tree::isMap).forEach(dict ->
                dict.asMap().values().stream().filter(Tree::isTensor).limit(100).forEach(tensor -> tensor.asTensor().toFloatArray()));
    }

    /** A header with its right length, and the elements that the good one describes. */
    private static byte[] safetensors(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES + header.length + 24).putLong(Long.reverseBytes(header.length)).put(header).array();
    }

    /** A config beside weights that it describes. */
    private static FuzzTarget config(String name, Layout layout, String file) {
        ModelConfig model = new ModelConfig(4, 8, List.of(1), 64, 8, 4, 8, 64, 1, 1);
        try {
            Path folder = Files.createTempDirectory("modx-fuzz");
            folder.toFile().deleteOnExit();
            Path source = folder.resolve("source.pt");
            CheckpointWriter.write(source, new CheckpointContents(0, 0, ClipParameters.initialState(model, 1), Optional.empty(), Map.of()));
            new ConvertedModel(Checkpoint.read(source), model).write(layout, folder, Map.of(), false);
            Path config = folder.resolve(file);
            byte[] seed = Files.readAllBytes(config);
            Path weights = folder.resolve(layout == Layout.OPEN_CLIP ? "open_clip_model.safetensors" : "model.safetensors");
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(each -> each.toFile().deleteOnExit());
            }
            return new FuzzTarget(name, List.of(seed), Formats.JSON, input -> {
                Files.copy(input, config, StandardCopyOption.REPLACE_EXISTING);
                try {
                    Checkpoint.read(weights, model, "model");
                } catch (CheckpointException e) { // names the config, which is the input here
                    throw new CheckpointException(e.getMessage().replace(weights.toString(), input.toString()), e);
                } finally {
                    Files.write(config, seed);
                }
            }, CheckpointException.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both ways in which images are loaded, and the glance before. */
    private static void image(Path file) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(3 * SIDE * SIDE);
        try (ImageGlance glance = new ImageGlance(); ImageLoader whole = new ImageLoader(ImageTransform.clip(SIDE)); RgbImageLoader part = new RgbImageLoader()) {
            glance.inspect(file);
            part.load(file, new RandomResizedCrop(SIDE), SplitMix.of(1, 2), target, 0);
            whole.load(file, target, 0);
        }
    }

    private FuzzTargets() {}
}

package ai.modx.jointtrain;

import ai.modx.config.ConfigException;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CocoCaptions;
import ai.modx.data.KarpathyCaptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which data joint training uses: each source is given by its annotation file and its image folder, both or neither. */
final class JointData {

    @Option(names = "--coco_train_annotation_file", paramLabel = "FILE", description = "COCO's captions_train2014.json")
    private Optional<Path> cocoAnnotations = Optional.empty();

    @Option(names = "--coco_train_img_dir", paramLabel = "DIR", description = "folder of its images")
    private Optional<Path> cocoImages = Optional.empty();

    @Option(names = "--flickr30k_train_annotation_file", paramLabel = "FILE",
            description = "Karpathy's dataset_flickr30k.json (or dataset_coco.json)")
    private Optional<Path> flickrAnnotations = Optional.empty();

    @Option(names = "--flickr30k_train_img_dir", paramLabel = "DIR", description = "folder of its images")
    private Optional<Path> flickrImages = Optional.empty();

    @Option(names = "--flickr30k_splits", split = ",", defaultValue = KarpathyCaptions.TRAINING_SPLITS, paramLabel = "SPLIT",
            description = "splits of that file to train on; the original takes val too (default: ${DEFAULT-VALUE})")
    private List<String> flickrSplits;

    @Option(names = {"--RSICD_train_annotation_file", "--RSICD_img_dir"}, hidden = true)
    private Optional<Path> rsicd = Optional.empty();

    /**
     * Checks what goes together.
     *
     * @param splitsGiven whether --flickr30k_splits is not the default
     * @throws ConfigException if a source is given by halves, or none is
     */
    void check(boolean splitsGiven) {
        if (rsicd.isPresent()) {
            throw new ConfigException("--RSICD_img_dir and --RSICD_train_annotation_file: the original reads these flags but never uses them. Leave them out; "
                    + "a data set of your own goes in by --coco_train_* in COCO's format or --flickr30k_train_* in Karpathy's, see docs/data.md");
        }
        pair("--coco_train_annotation_file", cocoAnnotations, "--coco_train_img_dir", cocoImages);
        pair("--flickr30k_train_annotation_file", flickrAnnotations, "--flickr30k_train_img_dir", flickrImages);
        if (splitsGiven && flickrAnnotations.isEmpty()) {
            throw new ConfigException("--flickr30k_splits " + String.join(",", flickrSplits) + ": there is no --flickr30k_train_annotation_file whose splits "
                    + "they could be. Give it as well, or leave the flag out");
        }
        if (cocoAnnotations.isEmpty() && flickrAnnotations.isEmpty()) {
            throw new ConfigException("No data: give --coco_train_annotation_file and --coco_train_img_dir, "
                    + "--flickr30k_train_annotation_file and --flickr30k_train_img_dir, or all four");
        }
    }

    private static void pair(String first, Optional<Path> a, String second, Optional<Path> b) {
        if (a.isPresent() != b.isPresent()) {
            throw new ConfigException((a.isPresent() ? first : second) + " needs " + (a.isPresent() ? second : first) + " as well");
        }
    }

    /** The chosen sources as one data set, COCO first. */
    CaptionDataset read() {
        List<CaptionDataset> sources = new ArrayList<>();
        cocoAnnotations.ifPresent(file -> sources.add(CocoCaptions.read(file, cocoImages.orElseThrow())));
        flickrAnnotations.ifPresent(file ->
                sources.add(KarpathyCaptions.read(file, flickrImages.orElseThrow(), new LinkedHashSet<>(flickrSplits))));
        return sources.size() == 1 ? sources.get(0) : CaptionDataset.concat(sources.toArray(CaptionDataset[]::new));
    }
}

package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.jointtrain.JointTrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake of a user ends in its own exit code and sentence, before anything is written. */
class JointTrainMistakesTest {

    private static final int USAGE = 2;
    private static final int DATA = 3;
    private static final int CHECKPOINT = 5;
    private static final String REPAIR = "\n'modx check-data' lists all that is wrong with a data set. Repair it, or train without these images: "
            + "--on_bad_image skip";
    private static final String SEE_HELP = "\nRun 'joint-train --help' for all flags.";

    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static TinyData data;
    private static Path checkpoint;

    private Path run;
    private List<String> arguments;

    @BeforeAll
    static void drawAndTrain() throws IOException {
        data = TinyData.draw(shared);
        Path run = shared.resolve("trained");
        assertThat(Outcome.of(new JointTrain(), data.training(run, "vit", 1)).exitCode()).isZero();
        checkpoint = run.resolve("checkpoint_final.pt");
    }

    @BeforeEach
    void aRunThatWouldWork() {
        run = dir.resolve("run");
        arguments = data.training(run, "vit", 1);
    }

    @Test
    void missingJson() {
        set("--coco_train_annotation_file", dir.resolve("none.json"));
        fails(DATA, dir.resolve("none.json") + ": no such file. Expected a JSON file with image annotations");
    }

    @Test
    void malformedJsonIsPlaced() throws IOException {
        Path json = cut(data.cocoJson(), "cut.json", 0.5);
        set("--coco_train_annotation_file", json);
        failsWith(DATA, json + ": malformed JSON at line ", ", column ", ". Is the file complete?");
    }

    @Test
    void flickrJsonGivenAsCoco() {
        set("--coco_train_annotation_file", data.flickrJson());
        fails(DATA, data.flickrJson() + ": has no 'annotations'; it looks like Karpathy's format: pass it as --flickr30k_train_annotation_file");
    }

    @Test
    void cocoJsonGivenAsFlickr() {
        arguments = edited(arguments, word -> word.replace("--coco_", "--flickr30k_"));
        fails(DATA, data.cocoJson() + ": has no 'sentences'; it looks like COCO's format: pass it as --coco_train_annotation_file");
    }

    @Test
    void missingImageFolder() {
        set("--coco_train_img_dir", dir.resolve("none"));
        fails(DATA, dir.resolve("none") + ": no such folder. Expected the folder with the images of the annotation file");
    }

    @Test
    void missingImage() throws IOException {
        Path images = copy(data.cocoImages());
        Path lost = anImage(images);
        Files.delete(lost);
        set("--coco_train_img_dir", images);
        fails(DATA, "1 of 12 images cannot be used:\n  " + lost + " does not exist" + REPAIR);
    }

    @Test
    void folderOfOtherImages() throws IOException {
        set("--coco_train_img_dir", Files.createDirectory(dir.resolve("other")));
        failsWith(DATA, "None of the 12 images exists, the first not as " + dir.resolve("other") + "/", ". Is this the right folder for the annotation file?");
    }

    @Test
    void brokenImage() throws IOException {
        Path images = copy(data.cocoImages());
        Path broken = anImage(images);
        Files.writeString(broken, "not a picture");
        set("--coco_train_img_dir", images);
        Outcome outcome = Outcome.of(new JointTrain(), arguments);
        assertThat(outcome.exitCode()).isEqualTo(DATA);
        assertThat(outcome.err()).isEqualTo("joint-train: 1 of 12 images cannot be used:\n  " + broken
                + " is neither JPEG nor PNG: it starts with the bytes 6e 6f 74 20 61 20 70 69" + REPAIR + "\n");
        assertThat(run).doesNotExist();
    }

    @Test
    void emptyDataSet() throws IOException {
        Path json = Files.writeString(dir.resolve("empty.json"), "{\"images\": [], \"annotations\": []}");
        set("--coco_train_annotation_file", json);
        fails(DATA, json + ": no image has a caption (images: 0, image ids of the captions: 0)");
    }

    @Test
    void unknownModel() {
        set("--model_name", "vitt");
        fails(USAGE, "Unknown model 'vitt'. Did you mean 'vit'? Models of " + data.models() + ": vit, rn");
    }

    @Test
    void unknownKeyInRecipe() throws IOException {
        Path recipe = Files.writeString(dir.resolve("recipe.yaml"), "params_lr: 1e-3\nnum_train_epoch: 3\n");
        arguments.addAll(List.of("--config", recipe.toString()));
        failsWith(USAGE, recipe + ", line 2: unknown key 'num_train_epoch'. Did you mean 'num_train_epochs'?");
    }

    @Test
    void badValueInRecipe() throws IOException {
        Path recipe = Files.writeString(dir.resolve("recipe.yaml"), "params_lr: fast\n");
        arguments.addAll(List.of("--config", recipe.toString()));
        failsWith(USAGE, recipe + ", line 1: ", "fast", "expected a number");
    }

    @Test
    void checkpointOfAnotherArchitecture() {
        set("--model_name", "rn");
        arguments.addAll(List.of("--checkpoint_path", checkpoint.toString()));
        failsWith(CHECKPOINT, checkpoint.toString(), "does not fit rn", "missing visual.", "unexpected visual.",
                ". It fits vit of " + data.models() + ": give it as --model_name, or another checkpoint");
        set("--model_name", "tiny_rn");
        set("--model_config", "../configs/model_config.yaml");
        failsWith(CHECKPOINT, "does not fit tiny_rn", ". No model of ../configs/model_config.yaml fits it: give the table that has its model with --model_config");
    }

    @Test
    void missingCheckpoint() {
        arguments.addAll(List.of("--checkpoint_path", dir.resolve("none.pt").toString()));
        fails(CHECKPOINT, "--checkpoint_path " + dir.resolve("none.pt") + " does not exist. Give a file with weights, such as checkpoint_final.pt in the folder of a run");
    }

    @Test
    void truncatedCheckpoint() throws IOException {
        Path half = cut(checkpoint, "half.pt", 0.5);
        arguments.addAll(List.of("--checkpoint_path", half.toString()));
        failsWith(CHECKPOINT, half.toString(), "cut off or damaged");
    }

    @Test
    void maliciousCheckpoint() throws IOException {
        Path evil = Path.of(System.getProperty("project.root"), "modx-core/src/test/resources/golden/checkpoints/evil_system_zip.pt");
        arguments.addAll(List.of("--checkpoint_path", evil.toString()));
        failsWith(CHECKPOINT, evil.toString(), "posix.system");
        assertThat(Path.of("PWNED_BY_PICKLE")).doesNotExist();
    }

    @Test
    void missingRunToContinue() {
        for (String none : List.of("last", "true", dir.resolve("none.pt").toString())) {
            arguments.addAll(List.of("--resume", none));
            fails(USAGE, "--resume " + none + " is no file: expected latest, or a checkpoint of the run to continue");
            remove("--resume");
        }
    }

    @Test
    void continuationWithOtherSettings() {
        set("--per_gpu_train_batch_size", "6");
        arguments.addAll(List.of("--resume", checkpoint.toString()));
        fails(USAGE, checkpoint + ": that run has global_batch 4, this one 6."
                + " Continue it with the same, accept the difference with --force, or start a new run in another --train_dir, from its weights with --checkpoint_path");
    }

    @Test
    void flagsWithoutEffect() {
        arguments.addAll(List.of("--eval_every", "1"));
        fails(USAGE, "--eval_every 1: there is nothing to evaluate on. Give --eval_name, --eval_annotation_file and --eval_img_dir as well, or leave it out");
        arguments.addAll(List.of("--eval_name", "coco", "--eval_annotation_file", data.cocoJson().toString(), "--eval_img_dir", data.cocoImages().toString(),
                "--eval_split", "val"));
        fails(USAGE, "--eval_split val: COCO's format has no splits, and all images of " + data.cocoJson() + " are used. Leave the flag out");
        arguments.addAll(List.of("--flickr30k_splits", "train"));
        failsWith(USAGE, "--flickr30k_splits train: there is no --flickr30k_train_annotation_file whose splits they could be.");
    }

    @Test
    void flagsThatTheOriginalReadsAndNeverUses() {
        arguments.addAll(List.of("--RSICD_img_dir", dir.toString()));
        failsWith(USAGE, "--RSICD_img_dir and --RSICD_train_annotation_file: the original reads these flags but never uses them. Leave them out; ",
                "see docs/data.md");
    }

    @Test
    void outputFolderThatIsAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        set("--train_dir", file);
        fails(USAGE, "--train_dir " + file + " cannot be created: " + file + " is not a folder. Choose another place");
    }

    @Test
    void outputFolderUnderAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        set("--train_dir", file.resolve("run"));
        fails(USAGE, "--train_dir " + file.resolve("run") + " cannot be created: " + file + " is not a folder. Choose another place");
    }

    @Test
    void outputFolderThatHoldsARun() throws IOException {
        set("--train_dir", checkpoint.getParent());
        byte[] before = Files.readAllBytes(checkpoint.resolveSibling("metrics.jsonl"));
        fails(USAGE, "--train_dir " + checkpoint.getParent()
                + " already holds a run (stats.txt). Choose another folder, or continue that run with --resume latest");
        assertThat(checkpoint.resolveSibling("metrics.jsonl")).hasBinaryContent(before);
    }

    @Test
    void noData() {
        remove("--coco_train_annotation_file");
        remove("--coco_train_img_dir");
        failsWith(USAGE, "No data: give --coco_train_annotation_file and --coco_train_img_dir");
    }

    @Test
    void oneFlagOfAPair() {
        remove("--coco_train_img_dir");
        fails(USAGE, "--coco_train_annotation_file needs --coco_train_img_dir as well");
    }

    @Test
    void noOutputFolder() {
        remove("--train_dir");
        failsWith(USAGE, "--train_dir is required");
    }

    @Test
    void unknownFlag() {
        arguments.addAll(List.of("--learning-rate", "1"));
        fails(USAGE, "unknown flag --learning-rate. Did you mean --params_lr?" + SEE_HELP);
    }

    @Test
    void flagsOfOpenClip() {
        assertFlag("--train-data", "Did you mean --coco_train_annotation_file and --coco_train_img_dir, "
                + "or --flickr30k_train_annotation_file and --flickr30k_train_img_dir?");
        assertFlag("--val-data", "Did you mean --eval_name, --eval_annotation_file and --eval_img_dir?");
        assertFlag("--model", "Did you mean --model_name?");
        assertFlag("--logs", "Did you mean --train_dir?");
        assertFlag("--save-frequency", "Did you mean --save_steps?");
        assertFlag("--zeroshot-frequency", "Did you mean --eval_every?");
        assertFlag("--warmup", "Warm-up to --params_lr is fixed: a fifth of all steps, as in the release. Leave the flag out");
    }

    private void assertFlag(String foreign, String advice) {
        arguments.add(foreign);
        fails(USAGE, "unknown flag " + foreign + ". " + advice + SEE_HELP);
        arguments.remove(foreign);
    }

    @Test
    void badNumbers() {
        set("--num_train_epochs", "two");
        fails(USAGE, "--num_train_epochs two: expected a whole number" + SEE_HELP);
        set("--num_train_epochs", "1");
        arguments.addAll(List.of("--max_steps", "two"));
        fails(USAGE, "--max_steps two: expected a whole number" + SEE_HELP);
        remove("--max_steps");
        set("--num_train_epochs", "0");
        fails(USAGE, "--num_train_epochs 0: expected 1 or more");
        set("--num_train_epochs", "1");
        arguments.addAll(List.of("--params_lr", "-1"));
        fails(USAGE, "--params_lr -1.0: expected a number of 0 or more");
        arguments.addAll(List.of("--save_steps", "-1"));
        fails(USAGE, "--save_steps -1: expected 0 or more");
        remove("--save_steps");
        set("--params_lr", "1");
        arguments.addAll(List.of("--params_eps", "0"));
        fails(USAGE, "--params_eps 0.0: expected a number above 0");
    }

    @Test
    void oneImageIsTooFewForTheStatisticsOfOnePixel() {
        set("--model_name", "rn");
        set("--per_gpu_train_batch_size", "1");
        arguments.addAll(List.of("--accum_freq", "2"));
        failsWith(USAGE, "A ResNet of 32 pixels a side ends in maps of one pixel");
    }

    @Test
    void impossibleBatches() {
        set("--per_gpu_train_batch_size", "1");
        failsWith(USAGE, "Contrastive training needs at least 2 pairs in a batch");
        set("--per_gpu_train_batch_size", "4");
        arguments.addAll(List.of("--gradient_accumulation_steps", "4"));
        failsWith(USAGE, "--gradient_accumulation_steps 4 exceeds the 3 batches of an epoch");
        arguments.addAll(List.of("--accum_freq", "0"));
        failsWith(USAGE, "--accum_freq 0: expected 1 or more");
    }

    @Test
    void devicesThatAreNotThere() {
        set("--devices", "97");
        failsWith(USAGE, "--devices 97: this machine has ");
    }

    @Test
    void divergence() {
        arguments.addAll(List.of("--params_lr", "1e30"));
        Outcome outcome = Outcome.of(new JointTrain(), arguments);
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains(" in epoch 1, at step ");
        assertThat(run.resolve("report.html")).content().contains("<figcaption>Learning rate</figcaption>");
        assertThat(run.resolve("checkpoint_final.pt")).doesNotExist();
    }

    private void fails(int exitCode, String message) {
        assertThat(Outcome.of(new JointTrain(), arguments)).isEqualTo(new Outcome(exitCode, "", "joint-train: " + message + "\n"));
        assertThat(run).doesNotExist();
    }

    private void failsWith(int exitCode, String... parts) {
        Outcome outcome = Outcome.of(new JointTrain(), arguments);
        assertThat(outcome.err()).startsWith("joint-train: ").contains(parts);
        assertThat(outcome.err().lines().count()).as("lines of: " + outcome.err()).isLessThanOrEqualTo(2);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(run).doesNotExist();
    }

    private void set(String flag, Object value) {
        arguments.set(arguments.indexOf(flag) + 1, value.toString());
    }

    private void remove(String flag) {
        int at = arguments.indexOf(flag);
        arguments.subList(at, at + 2).clear();
    }

    private static List<String> edited(List<String> words, UnaryOperator<String> edit) {
        return new ArrayList<>(words.stream().map(edit).toList());
    }

    private Path cut(Path file, String name, double share) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Files.write(dir.resolve(name), Arrays.copyOf(bytes, (int) (bytes.length * share)));
    }

    private Path copy(Path folder) throws IOException {
        Path copy = Files.createDirectory(dir.resolve("images"));
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static Path anImage(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().skip(5).findFirst().orElseThrow();
        }
    }
}

package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.modx.eval.EvaluationSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class EvaluationOptionsTest {

    private static final String[] COCO = {"--eval_name", "coco", "--eval_annotation_file", "c.json", "--eval_img_dir", "c"};
    private static final String[] BOTH = {"--eval_name", "coco", "--eval_annotation_file", "c.json", "--eval-img-dir", "c",
        "--eval_name=flickr", "--eval_annotation_file=f.json", "--eval_img_dir=f"};

    private final Evaluating command = new Evaluating();

    @TempDir
    Path dir;

    @Command(name = "evaluate")
    private static final class Evaluating implements Callable<Integer> {

        @Mixin
        private RecipeOption recipe;

        @Mixin
        private EvaluationOptions options;

        private List<EvaluationSource> sources;

        @Override
        public Integer call() {
            sources = options.sources();
            return ExitCode.DONE;
        }
    }

    @Test
    void noFlagMeansNoEvaluation() {
        assertThat(Shell.run(command, "-q").exitCode()).isZero();
        assertThat(command.sources).isEmpty();
    }

    @Test
    void flagsRepeatedTogetherAreSeveralDataSets() {
        assertThat(Shell.run(command, BOTH).err()).isEmpty();
        assertThat(command.sources).containsExactly(
                new EvaluationSource("coco", Path.of("c.json"), Path.of("c"), "test"),
                new EvaluationSource("flickr", Path.of("f.json"), Path.of("f"), "test"));
    }

    @Test
    void aSplitIsForAllOrForEach() {
        assertThat(Shell.run(command, with(BOTH, "--eval_split", "val")).err()).isEmpty();
        assertThat(command.sources).extracting(EvaluationSource::split).containsExactly("val", "val");

        assertThat(Shell.run(command, with(BOTH, "--eval_split", "val", "--eval_split", "dev")).err()).isEmpty();
        assertThat(command.sources).extracting(EvaluationSource::split).containsExactly("val", "dev");
    }

    @Test
    void aRecipeListsSeveralDataSetsInOrder() throws IOException {
        Path recipe = Files.writeString(dir.resolve("r.yaml"),
                "eval_name: [coco, flickr]\neval_annotation_file: [c.json, f.json]\neval_img_dir: [c, f]\n");

        assertThat(Shell.run(command, "--config", recipe.toString()).err()).isEmpty();
        assertThat(command.sources).extracting(EvaluationSource::name).containsExactly("coco", "flickr");
        assertThat(command.sources).extracting(source -> source.imageDir().toString()).containsExactly("c", "f");
    }

    @Test
    void unequalCountsAreRefused() {
        assertThat(Shell.run(command, with(COCO, "--eval_name", "flickr"))).isEqualTo(new Shell.Result(2, "",
                "evaluate: --eval_name is given twice, --eval_annotation_file once and --eval_img_dir once. "
                        + "Give each of them once for every data set\n"));
        assertThat(Shell.run(command, "--eval_img_dir", "c").err()).isEqualTo(
                "evaluate: --eval_name is given not at all, --eval_annotation_file not at all and --eval_img_dir once. "
                        + "Give each of them once for every data set\n");
        assertThat(Shell.run(command, with(COCO, "--eval_split", "val", "--eval_split", "test")).err()).isEqualTo(
                "evaluate: --eval_split is given twice, --eval_name once. Give a split once for all data sets, or once for each\n");
        assertThat(Shell.run(command, "--eval_split", "val").err()).isEqualTo(
                "evaluate: --eval_split is given once, --eval_name not at all. Give a split once for all data sets, or once for each\n");
    }

    @Test
    void aBlankNameIsRefused() {
        assertThat(Shell.run(command, "--eval_name= ", "--eval_annotation_file", "c.json", "--eval_img_dir", "c").err())
                .isEqualTo("evaluate: --eval_name '': expected a name, by which results are kept\n");
    }

    private static String[] with(String[] arguments, String... more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }
}

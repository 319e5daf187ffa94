package ai.modx.data.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The first domain, laid out as COCO 2014 with Karpathy's split beside it. */
final class CocoSample {

    private final SampleSettings settings;

    CocoSample(SampleSettings settings) {
        this.settings = settings;
    }

    void write(Path root) throws IOException {
        Domain domain = Domain.COCO;
        List<Picture> train = pictures("train2014", sampler("coco/train").scenes(settings.images()), 1);
        List<Picture> test = pictures("val2014", sampler("coco/test").distinctScenes(settings.testImages()), 1 + train.size());
        JpegFiles files = new JpegFiles(domain.painter(), settings.imageSize());
        files.write(root, train);
        files.write(root, test);

        Path annotations = Files.createDirectories(root.resolve("annotations"));
        CocoCaptionsFile captions = new CocoCaptionsFile(domain.wording(), settings.imageSize());
        captions.write(annotations.resolve("captions_train2014.json"), train, 1);
        captions.write(annotations.resolve("captions_val2014.json"), test, 1 + Wording.CAPTIONS * train.size());
        new KarpathyFile("coco", domain.wording())
                .write(root.resolve("dataset_coco.json"), List.of(new Split("train", train), new Split("test", test)));
    }

    private SceneSampler sampler(String part) {
        return new SceneSampler(Domain.COCO.grounds(), settings.seed(), part);
    }

    private static List<Picture> pictures(String folder, List<Scene> scenes, int firstId) {
        List<Picture> pictures = new ArrayList<>(scenes.size());
        for (Scene scene : scenes) {
            int id = firstId + pictures.size();
            pictures.add(new Picture(folder, String.format(Locale.ROOT, "COCO_%s_%012d.jpg", folder, id), id, scene));
        }
        return pictures;
    }
}

package ai.modx.data.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The second domain, laid out as Karpathy's Flickr30K: all pictures in one folder, the split in the JSON. */
final class FlickrSample {

    private final SampleSettings settings;

    FlickrSample(SampleSettings settings) {
        this.settings = settings;
    }

    void write(Path root) throws IOException {
        Domain domain = Domain.FLICKR;
        List<Picture> train = pictures(sampler("flickr/train").scenes(settings.images()), 1);
        List<Picture> val = pictures(sampler("flickr/val").distinctScenes(settings.valImages()), 1 + train.size());
        List<Picture> test = pictures(sampler("flickr/test").distinctScenes(settings.testImages()), 1 + train.size() + val.size());
        List<Split> splits = List.of(new Split("train", train), new Split("val", val), new Split("test", test));

        JpegFiles files = new JpegFiles(domain.painter(), settings.imageSize());
        for (Split split : splits) {
            files.write(root.resolve("flickr30k-images"), split.pictures());
        }
        new KarpathyFile("flickr30k", domain.wording()).write(root.resolve("dataset_flickr30k.json"), splits);
    }

    private SceneSampler sampler(String part) {
        return new SceneSampler(Domain.FLICKR.grounds(), settings.seed(), part);
    }

    private static List<Picture> pictures(List<Scene> scenes, int firstId) {
        List<Picture> pictures = new ArrayList<>(scenes.size());
        for (Scene scene : scenes) {
            int id = firstId + pictures.size();
            pictures.add(new Picture("", String.format(Locale.ROOT, "%010d.jpg", id), id, scene));
        }
        return pictures;
    }
}

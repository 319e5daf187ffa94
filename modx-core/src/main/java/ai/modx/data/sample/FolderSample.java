package ai.modx.data.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The image folder: one shape per picture, which is its class; every class in both styles, turn and turn about. */
final class FolderSample {

    private final SampleSettings settings;

    FolderSample(SampleSettings settings) {
        this.settings = settings;
    }

    void write(Path root) throws IOException {
        write(root, "train", settings.images());
        write(root, "val", settings.folderValImages());
    }

    private void write(Path root, String part, int count) throws IOException {
        int classes = settings.folderClasses();
        for (Domain domain : Domain.values()) {
            SceneSampler sampler = new SceneSampler(domain.grounds(), settings.seed(), "folder/" + part + "/" + domain);
            List<Picture> pictures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int round = i / classes;
                if (round % Domain.values().length == domain.ordinal()) {
                    Figure figure = Figure.values()[i % classes];
                    String name = String.format(Locale.ROOT, "%s_%06d.jpg", figure.word(), round);
                    pictures.add(new Picture(part + "/" + figure.word(), name, i, sampler.single(figure)));
                }
            }
            new JpegFiles(domain.painter(), settings.imageSize()).write(root, pictures);
        }
    }
}

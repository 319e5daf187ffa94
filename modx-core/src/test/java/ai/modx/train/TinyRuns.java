package ai.modx.train;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.data.CaptionDataset;
import ai.modx.data.CocoCaptions;
import ai.modx.data.StopRequest;
import ai.modx.data.sample.SampleData;
import ai.modx.data.sample.SampleSettings;
import ai.modx.model.Computation;
import ai.modx.model.ModelConfig;
import ai.modx.model.Precision;
import ai.modx.train.RunIdentity.Continuation;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of tiny models on generated pictures, in folders side by side.
 *
 * @param folder of the runs, and of the pictures
 */
record TinyRuns(Path folder) {

    static final ModelConfig VIT = new ModelConfig(16, 32, List.of(1), 64, 8, 16, 49408, 32, 1, 1);
    static final ModelConfig RESNET = new ModelConfig(16, 32, List.of(1, 1, 1, 1), 8, 0, 16, 49408, 32, 1, 1);

    /** Draws pictures: 26 to train on. */
    TinyRuns {
        new SampleData(new SampleSettings(26, 3, 48)).write(folder.resolve("sample"));
    }

    /** Where they and their captions are, in COCO's format. */
    Path coco() {
        return folder.resolve("sample/coco");
    }

    /** A run on one replica. */
    TrainingJob job(String name, ModelConfig model, TinySettings settings, StartingPoint start) {
        return job(name, model, settings, List.of(Device.cpu()), start);
    }

    TrainingJob job(String name, ModelConfig model, TinySettings settings, List<Device> devices, StartingPoint start) {
        Path run = folder.resolve(name);
        CaptionDataset data = CocoCaptions.read(coco().resolve("annotations/captions_train2014.json"), coco().resolve("train2014"));
        return new TrainingJob("joint-train", List.of("joint-train"), Map.of(), "tiny", model, Computation.in(Precision.FP32), devices, data,
                settings.build(), Map.of(), start, new RunFolder(run, run), Optional.empty());
    }

    static void execute(TrainingJob job) {
        new TrainingRun(job).execute((replicas, any, badImages, stop) -> new ContrastiveMethod(replicas.model().manager()), new StopRequest());
    }

    /**
     * Trains drawn weights.
     *
     * @return the final checkpoint, empty if the run did not come to its end
     */
    byte[] train(String name, ModelConfig model, TinySettings settings) {
        execute(job(name, model, settings, StartingPoint.fresh(model, settings.seed())));
        return bytes(name + "/checkpoint_final.pt");
    }

    /** The run of a checkpoint, to be continued. */
    StartingPoint from(String file, ModelConfig model, Continuation mode) {
        return StartingPoint.runOf(checkpoint(file), "tiny", model, mode);
    }

    Checkpoint checkpoint(String file) {
        return Checkpoint.read(file(file));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    byte[] bytes(String file) {
        try {
            return Files.exists(file(file)) ? Files.readAllBytes(file(file)) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The losses of each step. */
    List<Double> losses(String name) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(file(name + "/metrics.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).get("loss").asDouble());
        }
        return losses;
    }

    /** The losses in the original's statistics. */
    List<String> statsLosses(String name) throws IOException {
        return Files.readAllLines(file(name + "/stats.txt")).stream().skip(2).toList();
    }
}

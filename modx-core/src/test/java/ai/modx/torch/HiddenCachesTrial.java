package ai.modx.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.modx.data.Batch;
import ai.modx.data.BatchRequest;
import ai.modx.model.ClipParameters;
import ai.modx.model.Computation;
import ai.modx.model.LinearLayers;
import ai.modx.model.ModelConfig;
import ai.modx.model.ModelTable;
import ai.modx.model.PixelStatistics;
import ai.modx.model.Precision;
import ai.modx.optim.AdamW;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.parallel.ShardedAdamW;
import ai.modx.train.ContrastiveMethod;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** Trains real models for two steps as the whole of a process, which oneDNN may end, and prints the losses. */
final class HiddenCachesTrial {

    /** What oneDNN is told of the caches. */
    enum Caches {
        /** What the processor tells. */
        REAL,
        /** Nothing but one byte a level, before the engine is started as commands start it. */
        HIDDEN,
        /** The same, behind the back of what would mend it. */
        HIDDEN_AFTER_START
    }

    private static final int PAIRS = 2;
    private static final int STEPS = 2;

    private HiddenCachesTrial() {}

    public static void main(String... arguments) {
        Caches caches = Caches.valueOf(arguments[0]);
        if (caches == Caches.HIDDEN_AFTER_START) {
            TorchEngine.start();
        }
        if (caches != Caches.REAL) {
            Engine.getEngine("PyTorch");
            OneDnnCaches.loaded().orElseThrow().hide();
        }
        System.out.println("onednn " + TorchEngine.start().oneDnn().caches());
        for (String model : List.of("RN50", "ViTB32")) {
            train(model);
        }
    }

    private static void train(String name) {
        ModelConfig model = ModelTable.bundled().get(name);
        Computation computation = Computation.of(
                Precision.FP32, PixelStatistics.CLIP, LinearLayers.ONEDNN); // all products of linear layers too
        byte[] pixels = new byte[PAIRS * model.imageResolution() * model.imageResolution() * 3];
        new Random(0).nextBytes(pixels);
        ByteBuffer images = ByteBuffer.allocateDirect(pixels.length).put(pixels).flip();
        int[] tokens = new Random(1)
                .ints((long) PAIRS * model.contextLength(), 1, model.vocabSize())
                .toArray();
        try (ReplicaGroup group = new ReplicaGroup(
                        model, computation, List.of(Device.cpu()), 1, ClipParameters.initialState(model, 0));
                ShardedAdamW optimizer = group.optimizer(AdamW.Settings.of(1e-8, 0.1));
                ContrastiveMethod method = new ContrastiveMethod(group.model().manager());
                Batch batch = new Batch(new BatchRequest(0, new int[] {0, 1}), images, tokens)) {
            for (int step = 0; step < STEPS; step++) {
                System.out.println(name + " "
                        + group.accumulate(batch, 1, method.loss(batch)).read().total());
                group.reduceGradients();
                group.update(optimizer, 1e-4);
            }
        }
    }
}

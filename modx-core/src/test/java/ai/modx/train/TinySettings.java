package ai.modx.train;

import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionChoice;
import ai.modx.data.ImageCache;
import java.util.Optional;

/** The settings that a test varies; the rest is small. */
final class TinySettings {

    private final int batch;
    private final int epochs;
    private int chunks = 1;
    private int accumulation = 1;
    private double learningRate = 5e-4;
    private int workers;
    private long seed = 11;
    private long saveSteps;
    private Optional<Integer> keepLast = Optional.empty();
    private Optional<Long> maxSteps = Optional.empty();
    private boolean tensorBoard;

    private TinySettings(int batch, int epochs) {
        this.batch = batch;
        this.epochs = epochs;
    }

    static TinySettings settings(int batch, int epochs) {
        return new TinySettings(batch, epochs);
    }

    TinySettings accumulation(int value) {
        accumulation = value;
        return this;
    }

    TinySettings chunks(int value) {
        chunks = value;
        return this;
    }

    TinySettings learningRate(double value) {
        learningRate = value;
        return this;
    }

    TinySettings workers(int value) {
        workers = value;
        return this;
    }

    TinySettings seed(long value) {
        seed = value;
        return this;
    }

    long seed() {
        return seed;
    }

    TinySettings saveSteps(long value) {
        saveSteps = value;
        return this;
    }

    TinySettings keepLast(int value) {
        keepLast = Optional.of(value);
        return this;
    }

    TinySettings maxSteps(long value) {
        maxSteps = Optional.of(value);
        return this;
    }

    TinySettings tensorBoard() {
        tensorBoard = true;
        return this;
    }

    TrainingSettings build() {
        return new TrainingSettings(epochs, batch, chunks, accumulation, learningRate, 0.1, 1e-8, Optional.empty(), workers, ImageCache.NONE, seed, true, CaptionChoice.RANDOM,
                BadImagePolicy.FAIL, saveSteps, keepLast, maxSteps, tensorBoard);
    }
}
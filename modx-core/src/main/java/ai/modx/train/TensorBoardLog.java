package ai.modx.train;

import ai.modx.checkpoint.Event;
import ai.modx.checkpoint.EventFile;
import ai.modx.checkpoint.SaveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers of a run for TensorBoard: one event for each step, and one for each evaluation. */
public final class TensorBoardLog implements AutoCloseable {

    private static final String FOLDER = "tensorboard";
    /** TensorBoard reads every file with tfevents in its name; always the same one, so that a continued run finds it. */
    private static final String FILE = "events.out.tfevents.modx";

    private static final String TRAINING = "train/";

    private final EventFile events;

    private TensorBoardLog(EventFile events) {
        this.events = events;
    }

    /**
     * Opens the log of a run and cuts it to what the run knows of: what came after its last checkpoint is written anew.
     *
     * @param run       folder of the run
     * @param wanted    whether more is written; a log of earlier times is cut in any case
     * @param trained   steps that the run has taken
     * @param evaluated step of the last evaluation that is on record
     * @throws SaveException if it cannot be written
     */
    public static Optional<TensorBoardLog> open(Path run, boolean wanted, long trained, long evaluated) {
        Path folder = run.resolve(FOLDER);
        Path file = folder.resolve(FILE);
        if (!wanted && !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw SaveException.ofFolder(folder, e);
        }
        EventFile events = EventFile.keeping(file, event -> event.step() <= (isEvaluation(event) ? evaluated : trained));
        if (!wanted) {
            events.close();
            return Optional.empty();
        }
        return Optional.of(new TensorBoardLog(events));
    }

    private static boolean isEvaluation(Event event) {
        return !event.scalars().keySet().stream().allMatch(tag -> tag.startsWith(TRAINING));
    }

    /** @param step steps taken, this one included */
    public void trained(long step, Map<String, ? extends Number> numbers) {
        append(TRAINING, step, numbers);
    }

    /**
     * @param kind of evaluation: what its numbers stand under
     * @param step steps taken before
     */
    public void evaluated(String kind, long step, Map<String, ? extends Number> numbers) {
        append(kind + "/", step, numbers);
    }

    private void append(String prefix, long step, Map<String, ? extends Number> numbers) {
        Map<String, Float> scalars = new LinkedHashMap<>();
        numbers.forEach((name, number) -> scalars.put(prefix + name, number.floatValue()));
        events.append(new Event(System.currentTimeMillis() / 1000.0, step, scalars));
    }

    /** Makes sure that everything written so far is on the disk. */
    public void force() {
        events.force();
    }

    @Override
    public void close() {
        events.close();
    }
}

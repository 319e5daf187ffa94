package ai.modx.cli;

import ai.djl.Device;
import ai.modx.checkpoint.Checkpoint;
import ai.modx.config.ConfigException;
import ai.modx.data.BadImagePolicy;
import ai.modx.data.CaptionDataset;
import ai.modx.data.StopRequest;
import ai.modx.model.ModelConfig;
import ai.modx.report.RunReport;
import ai.modx.torch.HostTensor;
import ai.modx.train.ResumePoint;
import ai.modx.train.RunFolder;
import ai.modx.train.StartingPoint;
import ai.modx.train.TrainingJob;
import ai.modx.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Continual training: one call for one phase, as the original's shell scripts do it, or one call for all phases in order.
 * Either gives the same weights.
 */
public final class PhasedCommand {

    private static final Logger LOG = LoggerFactory.getLogger(PhasedCommand.class);

    /** The original's. */
    private static final long SEED = 0;

    private static final String NOT_BY_RESUMING = "; --all_phases continues only what it began";

    /** Makes the training method of a phase. */
    @FunctionalInterface
    public interface PhaseMethod {

        /** @param old weights of the model that the phase starts from */
        TrainingRun.MethodFactory after(Map<String, HostTensor> old);
    }

    private final TrainingCommand command;
    private final TrainingOptions options;
    private final PhasedOptions phases;
    private final Map<String, Object> methodSettings;

    /**
     * @param spec           the running command, injected by picocli
     * @param methodSettings what is the method's own, by flag
     */
    public PhasedCommand(CommandSpec spec, TrainingOptions options, PhasedOptions phases, Map<String, Object> methodSettings) {
        this.command = new TrainingCommand(spec, options, SEED);
        this.options = options;
        this.phases = phases;
        this.methodSettings = methodSettings;
    }

    /** What all phases of a call have in common. */
    private record Context(ModelConfig model, List<Device> devices, CaptionDataset data, PhaseMethod method, StopRequest stop) {}

    /**
     * Trains.
     *
     * @return the exit code
     */
    public int run(PhaseMethod method) {
        phases.check();
        Path first = options.checkpoint().orElseThrow(() -> new ConfigException(
                "--checkpoint_path is missing: continual training starts from a trained model, for example one of joint-train"));
        long seed = command.settings().seed();
        ModelConfig model = options.model();
        RunFolder folder = options.folder();
        requireUsable(folder);
        CaptionDataset data = phases.read();
        command.readEvaluation();
        for (int k = phases.start(); phases.all() && k < phases.end(); k++) {
            BadImagePolicy badImages = command.settings().badImages();
            badImages.requireUsable(options.limit(phases.slice(data, k, k + 1, seed)).files()); // of every phase, or nothing is written
            RunFolder own = folder.phase(k + 1);
            if (begun(own)) {
                own.requireSameCheckpoints();
            } else {
                own.requireFresh(NOT_BY_RESUMING);
            }
        }
        List<Device> devices = options.devices();
        Map<String, HostTensor> old = weights(first, model);
        return TrainingCommand.stoppable(stop -> {
            Context context = new Context(model, devices, data, method, stop);
            if (phases.all()) {
                all(context, folder, old);
            } else {
                phase(context, phases.start(), phases.end(), folder, options.resume(), old);
            }
        });
    }

    private void requireUsable(RunFolder folder) {
        if (!phases.all()) {
            command.requireUsable(folder);
            return;
        }
        folder.requireFresh(NOT_BY_RESUMING); // the phases lie in folders of their own
        if (options.resume().isPresent()) {
            throw new ConfigException("--resume: with --all_phases the same command continues by itself. Leave the flag out");
        }
    }

    private void all(Context context, RunFolder folder, Map<String, HostTensor> first) {
        Map<String, HostTensor> old = first;
        for (int k = phases.start(); k < phases.end(); k++) {
            RunFolder own = folder.phase(k + 1);
            LOG.info("Phase {} of {}, in {}", k + 1, phases.end(), own.logs());
            phase(context, k, k + 1, own, begun(own) ? Optional.of(ResumePoint.LATEST) : Optional.empty(), old);
            if (!options.dryRun()) {
                RunReport.writeInto(folder.logs());
            }
            if (options.dryRun() || context.stop.isAsked() || !Files.exists(own.finalCheckpoint())) {
                if (k + 1 < phases.end()) { // after a dry run, a signal or --max_steps
                    LOG.info("Still to train: {}. A phase starts from the final checkpoint of the one before",
                            k + 2 == phases.end() ? "phase " + phases.end() : "phases " + (k + 2) + " to " + phases.end());
                }
                return;
            }
            old = weights(own.finalCheckpoint(), context.model);
        }
    }

    private static boolean begun(RunFolder phase) {
        return Files.isDirectory(phase.logs());
    }

    private void phase(Context context, int start, int end, RunFolder folder, Optional<String> resume, Map<String, HostTensor> old) {
        Map<String, Object> identity = new LinkedHashMap<>(phases.identity(start, end));
        identity.put(StartingPoint.FIRST_WEIGHTS, StartingPoint.fingerprint(old)); // Mod-X's teacher: another one would make another loss
        identity.putAll(methodSettings);
        StartingPoint point = command.continued(folder, resume, context.model).orElseGet(() -> StartingPoint.weights(() -> old));
        CaptionDataset part = phases.slice(context.data, start, end, command.settings().seed());
        TrainingJob job = command.job(context.model, context.devices, part, identity, point, folder);
        command.execute(job, context.method.after(old), context.stop, phases.all());
    }

    private Map<String, HostTensor> weights(Path checkpoint, ModelConfig model) {
        return StartingPoint.weightsOf(Checkpoint.read(checkpoint), options.modelName(), model).weights().get();
    }
}

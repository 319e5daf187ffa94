package ai.modx.cli;

import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flag that has a run's numbers written for a program that draws them. */
public final class ReportOptions {

    @ArgGroup(validate = false, order = 42, heading = "%nReports:%n")
    private final Report report = new Report();

    private static final class Report {

        @Option(names = "--report_to", paramLabel = "P",
                description = "tensorboard: write the numbers of the logs into the folder tensorboard as well, for tensorboard --logdir (default: do not)")
        private Optional<Program> program = Optional.empty();
    }

    /** The value of {@code --report_to}. */
    private enum Program {
        TENSORBOARD
    }

    public boolean tensorBoard() {
        return report.program.isPresent();
    }
}

package ai.modx.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code modx doctor}: what the toolkit finds on this machine, and what is wrong with it. */
@Command(name = "doctor",
        header = "Says what the toolkit finds on this machine, what is wrong, and the remedy.",
        description = "Looks at Java, libtorch, GPUs, memory and threads, and computes small models on every device. Exit code 1 if something "
                + "keeps the toolkit from working.")
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Diagnosis diagnosis = new Examination(spec).diagnosis();
        spec.commandLine().getOut().print(diagnosis);
        return diagnosis.isHealthy() ? ExitCode.DONE : ExitCode.FAILED;
    }
}

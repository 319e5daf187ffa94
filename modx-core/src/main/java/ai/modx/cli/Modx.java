package ai.modx.cli;

import picocli.CommandLine.Command;

/** The command {@code modx}: everything that is not training, one subcommand for each. */
@Command(name = "modx",
        description = "Tools around continual training of CLIP: sample data, data checks, evaluation, checkpoints, the machine.",
        subcommands = {SampleDataCommand.class, CheckDataCommand.class, RetrievalCommand.class, ZeroShotCommand.class, DriftCommand.class,
            EncodeCommand.class, InspectCommand.class, ConvertCommand.class, ExportCommand.class, InterpolateCommand.class, AverageCommand.class,
            ReportCommand.class, DoctorCommand.class, BenchCommand.class})
public final class Modx {

    public static void main(String[] arguments) {
        CommandRunner.exit(new Modx(), arguments);
    }
}

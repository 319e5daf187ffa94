package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.modx.checkpoint.CheckpointException;
import ai.modx.checkpoint.SaveException;
import ai.modx.config.ConfigException;
import ai.modx.data.DataException;
import ai.modx.torch.TorchEngine;
import ai.modx.train.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class CommandRunnerTest {

    private static final String SEE_HELP = "\nRun 'toy --help' for all flags.\n";

    private final Toy toy = new Toy();

    @Test
    void appliesTheDefaultsOfTheAnnotations() {
        assertThat(run("--train_dir", "out").exitCode()).isZero();
        assertThat(toy.called).isTrue();
        assertThat(toy.training.rate).isEqualTo(5e-4);
        assertThat(toy.training.order).isEqualTo(Toy.Order.SHUFFLED);
        assertThat(toy.machine.devices).isEqualTo(DeviceList.parse("auto"));
        assertThat(toy.machine.cache).isTrue();
        assertThat(toy.machine.dryRun).isFalse();
    }

    @Test
    void takesBothSpellings() {
        assertThat(run("--train-dir=out", "--params-lr", "1e-08", "--num-train_epochs=3", "--order", "sequential").err()).isEmpty();
        assertThat(toy.training.rate).isEqualTo(1e-8);
        assertThat(toy.training.epochs).isEqualTo(3);
        assertThat(toy.training.order).isEqualTo(Toy.Order.SEQUENTIAL);
        assertThat(toy.training.trainDir).isEqualTo(Path.of("out"));
    }

    @Test
    void switchesYesOrNoFlags() {
        run("--train_dir", "out", "--dry-run", "--no-cache");
        assertThat(toy.machine.dryRun).isTrue();
        assertThat(toy.machine.cache).isFalse();
        run("--train_dir", "out", "--no_dry_run", "--cache");
        assertThat(toy.machine.dryRun).isFalse();
        assertThat(toy.machine.cache).isTrue();
    }

    @Test
    void suggestsTheFlagThatIsMeant() {
        usageError("unknown flag --lr. Did you mean --params_lr?", "--lr", "3");
        usageError("unknown flag --batch-size. Did you mean --per_gpu_train_batch_size?", "--batch-size=3");
        usageError("unknown flag --epochs. Did you mean --num_train_epochs?", "--epochs", "3");
        usageError("unknown flag --wd. Did you mean --params_weight_decay?", "--wd", "3");
        usageError("unknown flag --params_Ir. Did you mean --params_lr?", "--params_Ir", "3");
        usageError("unknown flag -lr. Did you mean --params_lr?", "--train_dir", "out", "-lr", "3");
    }

    @Test
    void namesTheFlagOfAWrongValue() {
        usageError("--num_train_epochs x: expected a whole number", "--train_dir", "o", "--num_train_epochs", "x");
        usageError("--train_dir is empty: expected a path", "--train_dir", "");
        usageError("--train_dir is empty: expected a path", "--train_dir=");
        usageError("--train_dir ~/run: expected a path. Only a shell replaces its beginning, which none did here: "
                + "write it out", "--train_dir=~/run");
        usageError("--train_dir ${HOME}/run: expected a path. Only a shell replaces its beginning, which none did "
                + "here: write it out", "--train_dir", "${HOME}/run");
        usageError("--train_dir s3://bucket/run: expected a path. Nothing is downloaded: get the file first", "--train_dir", "s3://bucket/run");
        usageError("--params_lr fast: expected a number, such as 5e-4", "--train_dir", "o", "--params-lr=fast");
        usageError("--params_lr 0,5: expected a number, such as 5e-4. Did you mean 0.5?", "--train_dir", "o", "--params-lr", "0,5");
        usageError("--order up: expected shuffled or sequential", "--train_dir", "o", "--order", "up");
        usageError("--dry_run maybe: expected true or false", "--train_dir", "o", "--dry_run=maybe");
        usageError("--devices gpu: expected auto, cpu (once for each replica) or numbers of CUDA devices, such as 0,1",
                "--train_dir", "o", "--devices", "gpu");
        usageError("unexpected argument 'data'", "--train_dir", "o", "data");
        usageError("--no_cache takes no value", "--train_dir", "o", "--no_cache=true");
    }

    @Test
    void refusesFlagsThatAreMissingRepeatedOrWithoutValue() {
        usageError("--train_dir is required (folder of stats.txt)", "--dry_run");
        usageError("--params_lr is given more than once", "--train_dir", "o", "--params_lr", "1", "--params-lr=2");
        usageError("--dry_run is given more than once", "--train_dir", "o", "--dry_run", "--no_dry_run");
        usageError("--train_dir needs a value: DIR", "--train_dir");
        usageError("--train_dir needs a value: DIR", "--train_dir", "--dry_run");
    }

    @Test
    void showsHelpOnStdout() {
        Shell.Result help = run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Trains a toy.", "\n      --params_lr=LR", "\n*     --train_dir=DIR", "\n* stands before what must be given", "peak rate (5e-4)", "General:", "-v, --verbose", "Exit codes:",
                "5               checkpoint unreadable or of another model");
        assertThat(run("-h")).isEqualTo(help);
        assertThat(run("--num_train_epochs", "2", "--config", "absent.yaml", "--help")).isEqualTo(help);
    }

    @Test
    void showsHelpOnStderrIfNothingIsGiven() {
        Shell.Result bare = run();
        assertThat(bare.exitCode()).isEqualTo(2);
        assertThat(bare.out()).isEmpty();
        assertThat(bare.err()).isEqualTo(run("--help").out());
    }

    @Test
    void printsVersions() {
        Shell.Result versions = run("--version");
        assertThat(versions.exitCode()).isZero();
        assertThat(versions.out()).matches("modx \\d\\S+\nDJL \\d\\S+\nlibtorch \\d\\S+ \\(\\S+\\)\nJava \\S+ \\(.+\\)\n");
    }

    @Test
    void mapsFailuresToExitCodes() {
        fails(new ConfigException("--alpha x: no"), 2, "--alpha x: no");
        fails(new DataException("a.json: no such file"), 3, "a.json: no such file");
        fails(new DivergedException("loss is NaN at step 3"), 4, "loss is NaN at step 3");
        fails(new CheckpointException("a.pt: truncated"), 5, "a.pt: truncated");
        fails(new CompletionException(new DataException("a.jpg: truncated")), 3, "a.jpg: truncated");
        fails(new SaveException("a.pt: disk full", new IOException("x")), 1, "a.pt: disk full");
        fails(new UncheckedIOException(new NoSuchFileException("a.txt")), 1, "cannot read or write a.txt: it does not exist");
        fails(new UncheckedIOException("a.txt is odd: no disk", new IOException("no disk")), 1, "a.txt is odd: no disk");
        fails(new EngineException("Failed to extract PyTorch native library", new FileSystemException("/c/p", null, "Read-only file system")), 1,
                "libtorch cannot be unpacked into " + EngineCache.folder() + ": Read-only file system. Set DJL_CACHE_DIR to a folder that can be written, "
                        + "with 500 MB free");
        String download = "Run DJL_OFFLINE=false scripts/modx doctor once with a network (2 GB), or point PYTORCH_LIBRARY_PATH at a libtorch: see docs/gpus.md";
        fails(new EngineException("Failed to save pytorch index file", new IOException("Offline mode is enabled.")), 1,
                "This build brings no libtorch, and none was downloaded yet. " + download);
        fails(new EngineException("Failed to save pytorch index file", new UnknownHostException("host")), 1,
                "libtorch cannot be downloaded: there is no network. " + download);
        fails(new IllegalStateException("odd\nand long"), 1,
                "internal error: IllegalStateException: odd\nRun again with -v for the stack trace.");
        fails(new CompletionException(new NoClassDefFoundError("Could not initialize class J").initCause(new ExceptionInInitializerError(
                "Exception java.lang.UnsatisfiedLinkError: /jre/lib/libj.so: libz.so.9: cannot open shared object file: No such file or directory [in thread \"main\"]"))),
                1, "Java cannot load a library: /jre/lib/libj.so: libz.so.9: cannot open shared object file. "
                        + "Install the system's package of that library, or use a complete JDK");
        fails(new IllegalStateException("CUDA out of memory. Tried to allocate 2 GiB\nException raised from"), 1,
                "out of GPU memory (CUDA out of memory. Tried to allocate 2 GiB) with --per_gpu_train_batch_size 64\nUse a smaller batch, or more devices");
        fails(new IllegalStateException("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), 1, "out of GPU memory (CUDA error: "
                + "CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`) with --per_gpu_train_batch_size 64\nUse a smaller batch, or more devices");
        fails(new IllegalStateException("CUDA error: no kernel image is available for execution on the device\nCompile with"), 1,
                "libtorch holds no code for this GPU, which is too old or too new for it. Use another GPU, or a libtorch that was built for this one: "
                        + "see docs/gpus.md");
    }

    @Test
    void explainsThatTheJavaHeapIsFull() {
        Shell.Result result = Shell.run(toy.failing(new OutOfMemoryError("Java heap space")), "--train_dir", "o");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).matches("toy: out of Java memory \\(Java heap space, limit \\d+ MB\\) with --per_gpu_train_batch_size 64\n"
                + "Use a smaller batch, or raise the limit: JAVA_OPTS=-Xmx8g\n");
    }

    @Test
    void explainsThatLibtorchGetsNoMemory() {
        RuntimeException real;
        try (NDManager manager = TorchEngine.manager(Device.cpu())) {
            real = assertThrows(RuntimeException.class, () -> manager.zeros(new Shape(1L << 55)));
        }
        Shell.Result result = Shell.run(toy.failing(real), "--train_dir", "o");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("toy: out of memory (").contains("can't allocate memory: you tried to allocate 144115188075855872 bytes")
                .endsWith(" with --per_gpu_train_batch_size 64\nUse a smaller batch, or more devices\n").hasLineCount(2);
    }

    @Test
    void printsTheStackTraceOnlyIfVerbose() {
        toy.failing(new DataException("a.json: no such file"));
        assertThat(run("--train_dir", "o").err()).isEqualTo("toy: a.json: no such file\n");
        assertThat(run("--train_dir", "o", "-v").err()).contains("at ai.modx.cli.CommandRunnerTest").endsWith("toy: a.json: no such file\n");
    }

    @Test
    void setsHowMuchIsLogged() {
        Logger log = LoggerFactory.getLogger("ai.modx.toy");
        List<Boolean> debugAndInfo = new ArrayList<>();
        Callable<Integer> watch = new Toy() {
            @Override
            public Integer call() {
                debugAndInfo.addAll(List.of(log.isDebugEnabled(), log.isInfoEnabled()));
                return super.call();
            }
        };
        Shell.run(watch, "--train_dir", "o", "-v");
        Shell.run(watch, "--train_dir", "o", "-q");
        assertThat(debugAndInfo).containsExactly(true, true, false, false);
    }

    private void fails(RuntimeException thrown, int exitCode, String message) {
        assertThat(Shell.run(new Toy().failing(thrown), "--train_dir", "o")).isEqualTo(new Shell.Result(exitCode, "", "toy: " + message + "\n"));
    }

    private void usageError(String message, String... arguments) {
        assertThat(run(arguments)).isEqualTo(new Shell.Result(2, "", "toy: " + message + SEE_HELP));
    }

    private Shell.Result run(String... arguments) {
        return Shell.run(toy, arguments);
    }
}

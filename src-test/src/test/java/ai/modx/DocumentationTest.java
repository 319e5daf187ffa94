package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * README.md and docs: every command is run, in the order of the pages, or says what it needs; every flag exists in the command it is
 * named for; the files that pages show are read.
 */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are for a shell")
class DocumentationTest {

    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern ASSIGNED = Pattern.compile("([A-Z0-9_]+)=\\S*");
    private static final Pattern LOADED = Pattern.compile("(\\w+) = \\w+\\.(?:load|read_json)\\(\"([^\"]+)\".*");

    @TempDir
    static Path dir;
    private static List<Page> pages;
    private static DocumentedFlags flags;
    private static DocumentationFolder folder;

    @BeforeAll
    static void read() throws IOException, InterruptedException {
        pages = Page.all(PROJECT);
        flags = new DocumentedFlags(PROJECT);
        folder = new DocumentationFolder(PROJECT, dir.toRealPath(), flags);
    }

    @AfterAll
    static void end() {
        folder.close();
    }

    @TestFactory
    List<DynamicTest> everyCommandRunsOrSaysWhatItNeeds() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Block block : page.blocks()) {
                String place = page.name() + ":" + block.line();
                if (block.language().equals("sh")) {
                    ShellCommand.of(page, block).stream().filter(command -> command.needs().isEmpty())
                            .forEach(command -> tests.add(dynamicTest(command.place() + " " + command.text(), () -> run(command))));
                } else if (block.language().equals("python")) {
                    tests.add(dynamicTest(place + " python", () -> assertNamesExist(String.join("\n", block.lines()))));
                } else if (List.of("json", "yaml").contains(block.language())) {
                    tests.add(dynamicTest(place + " " + block.file(), () -> folder.write(block)));
                }
            }
        }
        return tests;
    }

    private static void run(ShellCommand command) throws IOException, InterruptedException {
        String called = command.words().stream().filter(word -> !ASSIGNED.matcher(word).matches()).findFirst().orElse("");
        assertThat(called).as("%s calls something that this test cannot run; say what it needs in a comment '# needs ...'", command.place()).startsWith("scripts/");
        folder.run(command);
    }

    /** What Python code picks out of our files is in them. */
    private static void assertNamesExist(String code) throws IOException {
        assertThat(code).as("Python that is checked").containsAnyOf("torch.load", "torch.jit.load", "read_json");
        for (MatchResult loaded : LOADED.matcher(code).results().toList()) {
            String content = textOf(loaded.group(2));
            Matcher key = Pattern.compile(loaded.group(1) + "\\[\"(\\w+)\"]").matcher(code);
            assertThat(key.results().map(found -> found.group(1)).toList()).as(loaded.group()).isNotEmpty()
                    .allSatisfy(name -> assertThat(content).containsAnyOf('"' + name + '"', pickled(name)));
        }
        if (code.contains("torch.jit.load")) {
            String program = textOf("clip.pt");
            assertThat(Pattern.compile("\\bclip\\.([a-z]\\w*)").matcher(code.replaceAll("\"[^\"]*\"", "")).results().map(found -> found.group(1)).toList())
                    .isNotEmpty().allSatisfy(name -> assertThat(program).containsPattern("\\b" + name + "\\b"));
        }
    }

    /** A short string as pickle writes it: its length in four bytes, and its characters. */
    private static String pickled(String text) {
        return (char) text.length() + "\0\0\0" + text;
    }

    /** Neither torch's archives nor TorchScript's are compressed. */
    private static String textOf(String file) throws IOException {
        return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyBlockSaysWhatItIs() {
        for (Page page : pages) {
            assertThat(page.blocks()).as(page.name()).allSatisfy(block -> assertThat(block.language()).as("line " + block.line()).isIn("sh", "python", "json", "yaml", "text"));
            assertThat(page.blocks()).as(page.name()).filteredOn(block -> !block.language().equals("sh")).allSatisfy(block ->
                    assertThat(block.lines()).as("line " + block.line()).noneMatch(line -> line.startsWith("scripts/") && line.contains(" --")));
        }
    }

    @Test
    void everyFlagExistsWhereItIsNamed() throws IOException {
        List<String> mistakes = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Block block : page.blocks()) {
                for (ShellCommand command : block.language().equals("sh") ? ShellCommand.of(page, block) : List.<ShellCommand>of()) {
                    flags.mistakes(command.words()).forEach(mistake -> mistakes.add(command.place() + ": " + mistake));
                    checkVariables(command, mistakes);
                }
            }
            for (Page.Line line : page.prose()) {
                if (page.name().equals(FlagTableTest.PAGE) && line.text().startsWith("|")) {
                    continue; // has flags of the Python release, too
                }
                for (MatchResult span : CODE.matcher(line.text()).results().toList()) {
                    checkSpan(page.name() + ": " + line.text(), span.group(1), mistakes);
                }
            }
        }
        assertThat(mistakes).isEmpty();
    }

    private static void checkSpan(String place, String span, List<String> mistakes) throws IOException {
        List<String> words = List.of(span.split("\\s+"));
        if (words.get(0).startsWith("--")) {
            for (MatchResult flag : DocumentedFlags.FLAG.matcher(span).results().toList()) {
                if (!flags.isAnywhere(flag.group())) {
                    mistakes.add(place + ": no command has " + flag.group());
                }
            }
        } else {
            flags.mistakes(words).forEach(mistake -> mistakes.add(place + ": " + mistake));
        }
    }

    /** A script reads the variables that are set for it. */
    private static void checkVariables(ShellCommand command, List<String> mistakes) throws IOException {
        Set<String> ofLibtorch = Set.of("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES");
        StringBuilder readers = new StringBuilder();
        for (String script : Stream.concat(Stream.of("scripts/launch.sh", "scripts/five_phases.sh"), command.words().stream()
                .filter(word -> word.startsWith("scripts/") && Files.exists(PROJECT.resolve(word)))).toList()) {
            readers.append(Files.readString(PROJECT.resolve(script)));
        }
        command.words().stream().takeWhile(word -> !word.startsWith("scripts/")).map(ASSIGNED::matcher).filter(Matcher::matches).map(word -> word.group(1))
                .filter(name -> !ofLibtorch.contains(name) && readers.indexOf("${" + name + ":-") < 0)
                .forEach(name -> mistakes.add(command.place() + ": nothing reads " + name));
    }

    @Test
    void theReadmeNamesEveryPage() throws IOException {
        try (Stream<Path> files = Files.list(PROJECT.resolve("docs"))) {
            assertThat(pages.stream().map(Page::name)).containsAll(files.map(file -> "docs/" + file.getFileName()).filter(name -> name.endsWith(".md")).toList());
        }
    }

    @Test
    void everyLinkLeadsSomewhere() {
        for (Page page : pages) {
            Path home = PROJECT.resolve(page.name()).getParent();
            for (Page.Line line : page.prose()) {
                assertThat(LINK.matcher(line.text()).results().map(link -> link.group(1)).filter(link -> !link.contains("://")).toList())
                        .as(page.name()).allSatisfy(link -> assertThat(home.resolve(link)).exists());
            }
        }
    }
}

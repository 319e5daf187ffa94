package ai.modx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** The tables of docs/coming-from-python.md: what they say of our flags is what the commands say of themselves. */
class FlagTableTest {

    static final String PAGE = "docs/coming-from-python.md";
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Pattern HEADING = Pattern.compile("## `([\\w -]+)`, for `.*`");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void flagsAndDefaultsAreThoseOfTheCommands() throws IOException {
        DocumentedFlags flags = new DocumentedFlags(PROJECT);
        Page page = Page.all(PROJECT).stream().filter(candidate -> candidate.name().equals(PAGE)).findFirst().orElseThrow();
        List<String> checked = new ArrayList<>();
        for (Page.Line line : page.prose()) {
            Matcher heading = HEADING.matcher(line.heading());
            if (heading.matches() && line.text().startsWith("| ") && !line.text().startsWith("| there ")) {
                checkRow(flags, heading.group(1), line.text(), checked);
            }
        }
        assertThat(checked).hasSizeGreaterThan(40);
    }

    private static void checkRow(DocumentedFlags flags, String command, String row, List<String> checked) {
        List<String> cells = Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
        String here = cells.get(3);
        if (here.equals("absent")) {
            assertThat(spans(cells.get(1))).as(row).allSatisfy(flag -> assertThat(flags.find(command, flag)).as(flag).isEmpty());
            return;
        }
        for (String flag : spans(List.of("same", "refused", "ignored").contains(here) ? cells.get(1) : here)) {
            assertThat(flags.find(command, flag)).as("%s in: %s", flag, row).isPresent();
            OptionSpec option = flags.find(command, flag).orElseThrow();
            assertThat(option.hidden()).as(row).isEqualTo(List.of("refused", "ignored").contains(here));
            spans(cells.get(4)).forEach(value -> assertThat(option.defaultValue()).as(row).isEqualTo(value));
            checked.add(flag);
        }
    }

    private static List<String> spans(String cell) {
        return CODE.matcher(cell).results().map((MatchResult span) -> span.group(1)).toList();
    }
}

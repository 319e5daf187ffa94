package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ShellWordsTest {

    @Test
    void whatNeedsNoQuotesHasNone() {
        assertThat(ShellWords.join(List.of("joint-train", "--train_dir", "runs/größe_1,2", "--lr=5e-4")))
                .isEqualTo("joint-train --train_dir runs/größe_1,2 --lr=5e-4");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no sh")
    void aShellReadsTheWordsAgain() throws IOException {
        List<String> words = List.of(
                "my folder/a.pt",
                "it's",
                "",
                "$HOME",
                "a\"b\\c",
                "*",
                "line\nline",
                "~",
                "a;b",
                "#x",
                "!",
                "(x)",
                "größe ö");
        Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + ShellWords.join(words)).start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0", -1))
                .startsWith(words.toArray(String[]::new));
    }
}

package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplatesTest {

    @TempDir
    Path dir;

    @Test
    void marksLineEndsAndBlanksAreNoPartOfATemplate() throws IOException {
        assertThat(read("\ufeffa photo of a {}. \r\n\r\n  a drawing of {}\t\r\n").sentences())
                .containsExactly("a photo of a {}.", "a drawing of {}");
    }

    @Test
    void whatIsNoTemplateIsNamedByItsLine() {
        fails("a {}\n\na photo\n", ", line 3: 'a photo' has no {} where the class's name goes");
        fails("a {}\n    'a bad photo of a {}.',\n",
                ", line 2: 'a bad photo of a {}.', is written as in a Python list. Leave out quotes and comma");
        fails("\"a {}\"", ", line 1: \"a {}\" is written as in a Python list. Leave out quotes and comma");
        fails("\n \n", " is empty. Expected a template a line, such as a photo of a {}.");
    }

    private PromptTemplates read(String text) throws IOException {
        return PromptTemplates.read(Files.writeString(dir.resolve("templates.txt"), text));
    }

    private void fails(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(DataException.class).hasMessage("--templates "
                + dir.resolve("templates.txt") + message);
    }
}

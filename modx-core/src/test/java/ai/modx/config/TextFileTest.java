package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFileTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"a\nB\u00e4r \n\nc\n", "a\r\nB\u00e4r \r\n\r\nc", "a\rB\u00e4r \r\rc\r", "\ufeffa\nB\u00e4r \n\n\ufeffc"})
    void everyLineEndAndByteOrderMarksAreUnderstood(String text) throws IOException {
        assertThat(lines(text.getBytes(StandardCharsets.UTF_8))).containsExactly("a", "B\u00e4r ", "", "c");
    }

    @Test
    void anEmptyFileHasNoLines() throws IOException {
        assertThat(lines(new byte[0])).isEmpty();
        assertThat(lines(new byte[] {'\r', '\n'})).containsExactly("");
    }

    @Test
    void otherEncodingsAreNamedWithTheirLine() {
        fails("a\nB\u00e4r\n".getBytes(StandardCharsets.ISO_8859_1),
                "line 2 is not UTF-8 text (iconv -f latin1 -t utf-8 converts from Latin-1)");
        fails("\ufeffa\n".getBytes(StandardCharsets.UTF_16LE), "it is UTF-16, not UTF-8 text (iconv -f utf-16 -t utf-8 converts it)");
        fails("\ufeffa\n".getBytes(StandardCharsets.UTF_16BE), "it is UTF-16, not UTF-8 text (iconv -f utf-16 -t utf-8 converts it)");
        fails("\ufeffa\n".getBytes(Charset.forName("UTF-32LE")), "it is UTF-16, not UTF-8 text (iconv -f utf-16 -t utf-8 converts it)");
        fails("ab\nc".getBytes(StandardCharsets.UTF_16LE), "line 1 holds a NUL character, so it is not UTF-8 text; perhaps it is UTF-16");
    }

    @Test
    void aFileWithoutLineEndsIsRefusedBeforeItFillsTheMemory() {
        assertThatThrownBy(() -> TextFile.lines(Path.of("/dev/zero"))).isInstanceOf(IOException.class)
                .hasMessage("line 1 has more than 1048576 bytes");
    }

    @Test
    void whatStandsInPlaceOfATextIsNamed() throws IOException {
        fails("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(StandardCharsets.UTF_8), "it is "
                + ForeignFile.LFS_POINTER.words() + ". "
                + ForeignFile.LFS_POINTER.remedy());
        fails("\ufeff<!DOCTYPE html>\n<html>".getBytes(StandardCharsets.UTF_8), "it is " + ForeignFile.WEB_PAGE.words()
                + ". " + ForeignFile.WEB_PAGE.remedy());
        assertThat(lines("<b>bold\n".getBytes(StandardCharsets.UTF_8))).containsExactly("<b>bold");
    }

    private List<String> lines(byte[] bytes) throws IOException {
        return TextFile.lines(Files.write(dir.resolve("x.txt"), bytes));
    }

    private void fails(byte[] bytes, String message) {
        assertThatThrownBy(() -> lines(bytes)).isInstanceOf(IOException.class).hasMessage(message);
    }
}

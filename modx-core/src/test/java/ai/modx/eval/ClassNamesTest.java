package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassNamesTest {

    private static final List<String> FOLDERS = List.of("guide_dog", "red_fox", "wolf");

    @TempDir
    Path dir;

    @Test
    void linesAreInTheOrderOfTheFolders() throws IOException {
        assertThat(read("hound, dog\n\nfox\nwolf\n")).containsExactly(List.of("hound", "dog"), List.of("fox"), List.of("wolf"));
    }

    @Test
    void theFoldersNamesMayHaveAnyOrder() throws IOException {
        assertThat(read("wolf\nRed fox\nguide_dog\n")).containsExactly(List.of("guide_dog"), List.of("Red fox"), List.of("wolf"));
    }

    @Test
    void aFileForALargerDataSetServesAPartOfIt() throws IOException {
        assertThat(read("wolf\twolf\nzebra\tzebra\nred_fox\tfox\nguide_dog\tdog\n")).containsExactly(List.of("dog"), List.of("fox"), List.of("wolf"));
    }

    private List<List<String>> read(String lines) throws IOException {
        return ClassNames.read(Files.writeString(dir.resolve("names.txt"), lines), FOLDERS).words();
    }
}

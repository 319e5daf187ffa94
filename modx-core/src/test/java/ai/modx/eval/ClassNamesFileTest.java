package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.data.DataException;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ClassNamesFileTest {

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
        assertThat(read("wolf\twolf\nzebra\tzebra\nred_fox\tfox\nguide_dog\tdog\n")).containsExactly(List.of("dog"),
                List.of("fox"), List.of("wolf"));
    }

    @Test
    void folderNamesThatAreNoWordsNeedNoTab() throws IOException {
        List<String> ids = List.of("n01440764", "n01443537");
        List<List<String>> expected = List.of(List.of("tench", "Tinca tinca"), List.of("goldfish"));
        for (String lines : List.of("n01440764 tench, Tinca tinca\nn01443537 goldfish\n",
                "n01443537: goldfish\nn01440764: tench, Tinca tinca",
                "n01440764,\"tench, Tinca tinca\"\r\nn01443537,goldfish\r\n",
                "n01443538 frog\nn01443537   goldfish  \nn01440764 tench,Tinca tinca",
                "\ufeffn01440764\ttench, Tinca tinca\nn01443537 goldfish\n")) {
            assertThat(ClassNamesFile.read(Files.writeString(dir.resolve("names.txt"), lines), ids).words()).as(lines).isEqualTo(expected);
        }
    }

    @Test
    void wordsKeepTheirPlaceInNames() throws IOException {
        assertThat(ClassNamesFile.read(Files.writeString(dir.resolve("names.txt"), "dog, hound\nfox 2\n"), List.of("dog", "fox")).words())
                .containsExactly(List.of("dog", "hound"), List.of("fox 2"));
        assertThat(ClassNamesFile.read(Files.writeString(dir.resolve("names.txt"), "911 turbo\nporsche\n"),
                List.of("911", "porsche")).words())
                .containsExactly(List.of("911 turbo"), List.of("porsche"));
    }

    @Test
    void wordsThatMayBeFoldersAreToldOf() throws IOException {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ClassNamesFile.class);
        logger.addAppender(said);
        said.start();
        assertThat(read("guide_dog a dog\nred_fox a fox\nwolf a wolf\n")).containsExactly(List.of("guide_dog a dog"),
                List.of("red_fox a fox"), List.of("wolf a wolf"));
        read("dog\nred_fox a fox\nwolf a wolf\n");
        logger.detachAppender(said);
        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("--class_names "
                + dir.resolve("names.txt") + ": every line begins with "
                + "a folder's name, which is taken for a part of the class's name. Put a tab behind it if it is none");
    }

    @Test
    void numberedListsAreRefused() {
        for (String lines : List.of("0 tench\n1 goldfish\n2 shark\n", "1. tench\n2. goldfish\n3. shark\n")) {
            assertThatThrownBy(() -> read(lines)).isInstanceOf(DataException.class)
                    .hasMessageContaining("names.txt, line 1: '" + lines.lines().findFirst().orElseThrow()
                    + "' begins with a number, as all lines do. Expected a line for each class: the folder's name, a "
                            + "tab, and what the class is called");
        }
        assertThatThrownBy(() -> read("{0: 'tench',\n 1: 'goldfish',\n 2: 'shark'}")).isInstanceOf(DataException.class)
                .hasMessageContaining("begins with a number");
    }

    @Test
    void mistakesAreNamedByTheirLines() {
        assertThatThrownBy(() -> read("\nwolf\twolf\nfox\n")).isInstanceOf(DataException.class)
                .hasMessage("--class_names " + dir.resolve("names.txt") + ", line 3: 'fox' has no tab and name after the folder's name");
        assertThatThrownBy(() -> read("wolf\twolf\nwolf\tdog\n"))
                .hasMessageEndingWith(", line 2: 'wolf\tdog' names a folder for the second time".replace('\t', '?'));
        assertThatThrownBy(() -> read("wolf\t , \n")).hasMessageEndingWith(", line 1: 'wolf? ,' has no name");
        assertThatThrownBy(() -> read(" \n\r\n")).hasMessageContaining("names.txt is empty. Expected a line for each class");
    }

    @Test
    @Timeout(10)
    void manyBlanksInALineCostNoMoreThanTheirNumber() throws IOException {
        assertThat(read("hound" + " ".repeat(500_000) + "dog\nfox\nwolf\n").get(0)).hasSize(1);
    }

    private List<List<String>> read(String lines) throws IOException {
        return ClassNamesFile.read(Files.writeString(dir.resolve("names.txt"), lines), FOLDERS).words();
    }
}

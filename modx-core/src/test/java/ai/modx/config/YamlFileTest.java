package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {

    @Test
    void givesValuesInTheOrderOfTheFile() {
        YamlMapping yaml = YamlFile.parse("x.yaml", "b: 3\na: [1, 2]\nc: {d: 4}\n");

        assertThat(yaml.keys()).containsExactly("b", "a", "c");
        assertThat(yaml.integer("b")).isEqualTo(3);
        assertThat(yaml.integers("b")).containsExactly(3);
        assertThat(yaml.integers("a")).containsExactly(1, 2);
        assertThat(yaml.mapping("c").integer("d")).isEqualTo(4);
        assertThat(yaml.words("a")).containsExactly("1", "2");
    }

    @Test
    void namesAMissingFile(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("x.yaml");
        fails(() -> YamlFile.read(file), file + ": no such file. Expected a YAML file");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        fails(() -> YamlFile.read(file), file + ": cannot be read: line 1 is not UTF-8 text "
                + "(iconv -f latin1 -t utf-8 converts from Latin-1). Expected a YAML file");
    }

    @Test
    void namesTheLineOfMalformedYaml() {
        fails("a: 1\nb: [2\n", "x.yaml, line 3, column 1: malformed YAML: expected ',' or ']', but got <stream end>");
        fails("a: 1\n\tb: 2\n", "x.yaml, line 2, column 1: malformed YAML: found character '\\t(TAB)' that cannot start any token."
                + " (Do not use \\t(TAB) for indentation)");
    }

    @Test
    void saysWhatTheParserSaysBadly() {
        fails("a: 1\n---\nb: 2\n", "x.yaml, line 2, column 1: a second YAML document begins. Expected one");
        fails("a: *\n", "x.yaml, line 1, column 5: malformed YAML: '*' and '&' begin an alias or an anchor. Put such a value into quotes");
        fails("a: 1\nb: \u0007\n", "x.yaml, line 2: holds the character U+0007, which YAML does not allow");
    }

    @Test
    void numbersThatReadersTakeDifferentlyAreRefused() {
        YamlMapping yaml = YamlFile.parse("x.yaml", "a: 0512\nb: 0x10\nc: 1_000\nd: 1:30\ne: 0\nf: -7\n");
        fails(() -> yaml.integer("a"), "x.yaml, line 1: 'a' is '0512'. Expected a whole number");
        fails(() -> yaml.integer("b"), "x.yaml, line 2: 'b' is '0x10'. Expected a whole number");
        fails(() -> yaml.integer("c"), "x.yaml, line 3: 'c' is '1_000'. Expected a whole number");
        fails(() -> yaml.integer("d"), "x.yaml, line 4: 'd' is '1:30'. Expected a whole number");
        assertThat(yaml.integer("e")).isZero();
        assertThat(yaml.integer("f")).isEqualTo(-7);
    }

    @Test
    void marksAndLineEndsOfOtherSystemsAreUnderstood(@TempDir Path dir) throws IOException {
        for (String text : List.of("\ufeffa: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "\ufeff---\r\na: 1\r\nb: 2\r\n...\r\n")) {
            YamlMapping yaml = YamlFile.read(Files.writeString(dir.resolve("x.yaml"), text));
            assertThat(yaml.integer("a")).isEqualTo(1);
            assertThat(yaml.integer("b")).isEqualTo(2);
        }
    }

    @Test
    void refusesWhatIsNotAMapping() {
        fails("", "x.yaml: is empty. Expected lines of the form 'key: value'");
        fails("- 1\n", "x.yaml: is not a YAML mapping. Expected lines of the form 'key: value'");
        fails("? [1]\n: 2\n", "x.yaml, line 1: a key is not a plain word");
    }

    @Test
    void refusesAKeyGivenTwice() {
        fails("a: 1\nb: 2\na: 3\n", "x.yaml, line 3: key 'a' is given twice, first in line 1");
    }

    @Test
    void namesTheNearestKnownKey() {
        YamlMapping yaml = YamlFile.parse("x.yaml", "seed: 1\nordr: first\n");
        fails(() -> yaml.requireKnown(List.of("seed", "order", "alpha")),
                "x.yaml, line 2: unknown key 'ordr'. Did you mean 'order'?");
    }

    @Test
    void namesLineAndValueOfAWrongType() {
        YamlMapping yaml = YamlFile.parse("x.yaml", "a: one\nb: [1, 2.5]\nc:\n  d: 3\ne:\nf: []\ng: 99999999999\n");
        fails(() -> yaml.integer("a"), "x.yaml, line 1: 'a' is 'one'. Expected a whole number");
        fails(() -> yaml.integer("b"), "x.yaml, line 2: 'b' is a list. Expected a whole number");
        fails(() -> yaml.integers("b"), "x.yaml, line 2: 'b' is '2.5'. Expected a whole number or a list of them");
        fails(() -> yaml.integer("g"), "x.yaml, line 7: 'g' is '99999999999'. Expected a whole number");
        fails(() -> yaml.mapping("a"), "x.yaml, line 1: 'a' is 'one'. Expected a mapping, that is indented lines 'key: value'");
        fails(() -> yaml.words("c"), "x.yaml, line 3: 'c' holds a mapping. Expected a value or a list of values");
        fails(() -> yaml.words("e"), "x.yaml, line 5: 'e' has no value. Leave the key out for its default");
        fails(() -> yaml.words("f"), "x.yaml, line 6: 'f' is an empty list. Leave the key out for its default");
        fails(() -> yaml.mapping("c").integer("x"), "x.yaml, line 3: key 'x' is missing");
    }

    @Test
    void createsNoObjects() {
        fails("a: !!java.net.URL ['file:/']\n", "x.yaml, line 1, column 4: malformed YAML:"
                + " Global tag is not allowed: tag:yaml.org,2002:java.net.URL");
    }

    @Test
    void boundsSizeDepthAndAliases(@TempDir Path dir) throws IOException {
        String deep = "a: " + "[".repeat(100) + "]".repeat(100);
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> YamlFile.parse("x.yaml", deep))
                .withMessageStartingWith("x.yaml").withMessageContaining("Nesting Depth exceeded max 20");
        String aliases = "a: &a [1]\nb: [" + "*a, ".repeat(60) + "1]\n";
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> YamlFile.parse("x.yaml", aliases))
                .withMessageStartingWith("x.yaml").withMessageContaining("aliases");
        Path large = Files.writeString(dir.resolve("large.yaml"), "a: 1 #" + "x".repeat(1 << 20));
        fails(() -> YamlFile.read(large), large + ": has 1048582 bytes. Expected a YAML file of at most 1048576");
    }

    private static void fails(String yaml, String message) {
        fails(() -> YamlFile.parse("x.yaml", yaml), message);
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(call).withMessage(message);
    }
}

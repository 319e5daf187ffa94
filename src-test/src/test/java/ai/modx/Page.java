package ai.modx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page of the documentation holds.
 *
 * @param name   its path in the project
 * @param blocks fenced ones
 * @param prose  all other lines
 */
record Page(String name, List<Block> blocks, List<Line> prose) {

    /**
     * A line outside of blocks.
     *
     * @param heading the heading above
     */
    record Line(String heading, String text) {}

    /**
     * A fenced block.
     *
     * @param line     where it begins
     * @param language after the fence: sh, python, json, yaml or text
     * @param file     the file whose content it is, which the line above names: {@code `file`:}; empty if it names none
     */
    record Block(int line, String language, String file, List<String> lines) {}

    private static final String MAP = "\n## Where to go\n";
    private static final Pattern LINKED_PAGE = Pattern.compile("\\]\\(([^)]+\\.md)\\)");
    private static final Pattern NAMED_FILE = Pattern.compile(".*`([^`]+)`[^`]*:");

    /** The README first, then the others in the order in which it names them in its map, which is the order to read them in. */
    static List<Page> all(Path project) throws IOException {
        Path readme = project.resolve("README.md");
        List<Page> pages = new ArrayList<>(List.of(read(project, readme)));
        String text = Files.readString(readme);
        for (String file : LINKED_PAGE.matcher(text.substring(text.indexOf(MAP))).results().map(link -> link.group(1)).toList()) {
            pages.add(read(project, project.resolve(file)));
        }
        return pages;
    }

    private static Page read(Path project, Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<Line> prose = new ArrayList<>();
        String heading = "";
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("```")) {
                int begin = i + 1;
                i = begin + lines.subList(begin, lines.size()).indexOf("```");
                String above = prose.stream().map(Line::text).filter(text -> !text.isBlank()).reduce("", (a, b) -> b);
                Matcher named = NAMED_FILE.matcher(above);
                blocks.add(new Block(begin, line.substring(3), named.matches() ? named.group(1) : "", lines.subList(begin, i)));
            } else {
                heading = line.startsWith("#") ? line : heading;
                prose.add(new Line(heading, line));
            }
        }
        return new Page(project.relativize(file).toString(), blocks, prose);
    }
}

package ai.modx.eval;

import ai.modx.data.DataException;
import ai.modx.data.TextLines;
import java.nio.file.Path;
import java.util.List;

/**
 * Sentences about a class.
 *
 * @param sentences at least one, each with {@value #PLACE} where the class's name goes
 */
public record PromptTemplates(List<String> sentences) {

    /** What CLIP's authors use where they use a single one. */
    public static final PromptTemplates PHOTO = new PromptTemplates(List.of("a photo of a {}."));

    private static final String PLACE = "{}";
    private static final String FLAG = "--templates";

    public PromptTemplates {
        sentences = List.copyOf(sentences);
    }

    /**
     * Reads a file with a template a line; empty lines do not count.
     *
     * @throws DataException if the file cannot be read, holds none, or one has no place for a name
     */
    public static PromptTemplates read(Path file) {
        String expected = "a template a line, such as " + PHOTO.sentences.get(0);
        List<String> sentences = TextLines.read(FLAG, file, expected).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        sentences.stream().filter(line -> !line.contains(PLACE)).findFirst().ifPresent(line -> {
            throw new DataException(FLAG + " " + file + ": '" + line + "' has no " + PLACE + " where the class's name goes");
        });
        if (sentences.isEmpty()) {
            throw new DataException(FLAG + " " + file + " holds no template. Expected " + expected);
        }
        return new PromptTemplates(sentences);
    }

    /** Every sentence with every name in it. */
    List<String> prompts(List<String> names) {
        return names.stream().flatMap(name -> sentences.stream().map(sentence -> sentence.replace(PLACE, name))).toList();
    }
}

package ai.modx.eval;

import ai.modx.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sentences about a class.
 *
 * @param sentences at least one, each with {@value #PLACE} where the class's name goes
 */
public record PromptTemplates(List<String> sentences) {

    /** What CLIP's authors use where they use a single one. */
    public static final PromptTemplates PHOTO = new PromptTemplates(List.of("a photo of a {}."));

    private static final String PLACE = "{}";

    public PromptTemplates {
        sentences = List.copyOf(sentences);
    }

    /**
     * Reads a file with a template a line; empty lines do not count.
     *
     * @throws DataException if the file cannot be read, holds none, or one has no place for a name
     */
    public static PromptTemplates read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> sentences = lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
            sentences.stream().filter(line -> !line.contains(PLACE)).findFirst().ifPresent(line -> {
                throw new DataException("Templates " + file + ": '" + line + "' has no " + PLACE + " where the class's name goes");
            });
            if (sentences.isEmpty()) {
                throw new DataException("Templates " + file + " holds no template. Expected one a line, such as " + PHOTO.sentences.get(0));
            }
            return new PromptTemplates(sentences);
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("Templates " + file + " cannot be read as UTF-8 text: " + e, e);
        }
    }

    /** Every sentence with every name in it. */
    List<String> prompts(List<String> names) {
        return names.stream().flatMap(name -> sentences.stream().map(sentence -> sentence.replace(PLACE, name))).toList();
    }
}

package ai.modx.eval;

import ai.modx.data.ListFile;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sentences about a class.
 *
 * @param sentences at least one, each with {@value #PLACE} where the class's name goes
 */
public record PromptTemplates(List<String> sentences) {

    /** What CLIP's authors use where they use a single one. */
    public static final PromptTemplates PHOTO = new PromptTemplates(List.of("a photo of a {}."));

    private static final String PLACE = "{}";
    /** As the lists of OpenAI's notebooks hold them. */
    private static final Pattern QUOTED = Pattern.compile("\\s*([\"']).*\\1,?");

    public PromptTemplates {
        sentences = List.copyOf(sentences);
    }

    /**
     * Reads a file with a template a line; empty lines do not count.
     *
     * @throws ai.modx.data.DataException if the file cannot be read, holds none, or one has no place for a name
     */
    public static PromptTemplates read(Path file) {
        ListFile list = ListFile.read("--templates", file, "a template a line, such as " + PHOTO.sentences.get(0));
        for (ListFile.Entry entry : list.entries()) {
            if (!entry.text().contains(PLACE)) {
                throw list.error(entry, "'" + entry.text() + "' has no " + PLACE + " where the class's name goes");
            }
            if (QUOTED.matcher(entry.text()).matches()) {
                throw list.error(entry, entry.text().strip() + " is written as in a Python list. Leave out quotes and comma");
            }
        }
        return new PromptTemplates(list.texts().stream().map(String::strip).toList());
    }

    /** Every sentence with every name in it. */
    List<String> prompts(List<String> names) {
        return names.stream().flatMap(name -> sentences.stream().map(sentence -> sentence.replace(PLACE, name))).toList();
    }
}

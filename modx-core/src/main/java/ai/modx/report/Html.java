package ai.modx.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An element of a page, with its attributes and what it holds. Every text is escaped when the page is written and there is no way
 * around it, so that a caption or a path is never taken for markup. SVG is written the same way.
 */
final class Html {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*");

    /** Elements without an end. */
    private static final List<String> VOID = List.of("meta", "img");

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    /** Elements, and texts. */
    private final List<Object> content = new ArrayList<>();

    private Html(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of an element or attribute");
        }
        this.name = name;
    }

    static Html of(String name) {
        return new Html(name);
    }

    static Html of(String name, String text) {
        return new Html(name).text(text);
    }

    Html with(String attribute, Object value) {
        attributes.put(new Html(attribute).name, value.toString());
        return this;
    }

    Html text(String text) {
        content.add(text);
        return this;
    }

    Html add(Html... elements) {
        return add(List.of(elements));
    }

    Html add(List<Html> elements) {
        content.addAll(elements);
        return this;
    }

    private void writeTo(StringBuilder page) {
        page.append('<').append(name);
        attributes.forEach((attribute, value) -> page.append(' ').append(attribute).append("=\"").append(escaped(value, true)).append('"'));
        page.append('>');
        content.forEach(part -> {
            if (part instanceof Html element) {
                element.writeTo(page);
            } else {
                page.append(escaped(part.toString(), false));
            }
        });
        if (!VOID.contains(name)) {
            page.append("</").append(name).append('>');
        }
    }

    /** A quotation mark ends an attribute only; what is no character of a page becomes the sign for that. */
    private static String escaped(String text, boolean attribute) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append(attribute ? "&quot;" : "\"");
                case '\n', '\t' -> escaped.append((char) point);
                default -> escaped.appendCodePoint(isText(point) ? point : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** Not a control character, nor half of a surrogate pair. */
    private static boolean isText(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL && type != Character.SURROGATE;
    }

    @Override
    public String toString() {
        StringBuilder page = new StringBuilder();
        writeTo(page);
        return page.toString();
    }
}

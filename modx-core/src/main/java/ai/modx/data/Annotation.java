package ai.modx.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One object of an annotation file, which knows its position there so that errors can name it. */
record Annotation(AnnotationFile file, String position, JsonNode json) {

    /** The same object, which errors call by a name as well. */
    Annotation named(String name) {
        return new Annotation(file, position + " (" + name + ")", json);
    }

    boolean has(String key) {
        return json.has(key);
    }

    String text(String key) {
        return checked(key, require(key).isTextual(), "a text").textValue();
    }

    long integer(String key) {
        JsonNode value = require(key);
        return checked(key, value.isIntegralNumber() && value.canConvertToLong(), "a whole number").longValue();
    }

    /** The objects of an array in this object. */
    List<Annotation> list(String key) {
        JsonNode array = checked(key, require(key).isArray(), "a JSON array");
        List<Annotation> elements = new ArrayList<>();
        for (JsonNode element : array) {
            String place = position + "." + key + "[" + elements.size() + "]";
            if (!element.isObject()) {
                throw file.error(place + " is " + abbreviated(element) + ", not a JSON object");
            }
            elements.add(new Annotation(file, place, element));
        }
        return elements;
    }

    private JsonNode require(String key) {
        JsonNode value = json.get(key);
        if (value == null) {
            throw file.error(position + " has no '" + key + "'");
        }
        return value;
    }

    private JsonNode checked(String key, boolean rightType, String expected) {
        JsonNode value = json.get(key);
        if (!rightType) {
            throw file.error(position + "." + key + " is " + abbreviated(value) + ", not " + expected);
        }
        return value;
    }

    private static String abbreviated(JsonNode value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}

package ai.modx.data.sample;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes Karpathy's {@code dataset_*.json}: every picture with its captions and its split in one list. */
final class KarpathyFile {

    private final String dataset;
    private final Wording wording;

    /** @param dataset the name that the file gives itself, {@code coco} or {@code flickr30k} */
    KarpathyFile(String dataset, Wording wording) {
        this.dataset = dataset;
        this.wording = wording;
    }

    void write(Path file, List<Split> splits) throws IOException {
        SampleFile.write(file, out -> write(out, splits));
    }

    private void write(OutputStream out, List<Split> splits) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayFieldStart("images");
            int index = 0;
            for (Split split : splits) {
                for (Picture picture : split.pictures()) {
                    image(json, picture, split.name(), index++);
                }
            }
            json.writeEndArray();
            json.writeStringField("dataset", dataset);
            json.writeEndObject();
        }
    }

    private void image(JsonGenerator json, Picture picture, String split, int index) throws IOException {
        int firstSentence = index * Wording.CAPTIONS;
        List<String> captions = wording.captions(picture.scene());
        json.writeStartObject();
        if (!picture.folder().isEmpty()) { // as in his two files: COCO's pictures lie in two folders, Flickr30K's in one
            json.writeStringField("filepath", picture.folder());
            json.writeNumberField("cocoid", picture.imageId());
        }
        json.writeStringField("filename", picture.name());
        json.writeNumberField("imgid", index);
        json.writeStringField("split", split);
        json.writeArrayFieldStart("sentids");
        for (int i = 0; i < captions.size(); i++) {
            json.writeNumber(firstSentence + i);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("sentences");
        for (int i = 0; i < captions.size(); i++) {
            sentence(json, captions.get(i), index, firstSentence + i);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void sentence(JsonGenerator json, String caption, int index, int id) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("tokens");
        for (String token : caption.toLowerCase(Locale.ROOT).replaceAll("[.,:]", " ").trim().split(" +")) {
            json.writeString(token);
        }
        json.writeEndArray();
        json.writeStringField("raw", caption);
        json.writeNumberField("imgid", index);
        json.writeNumberField("sentid", id);
        json.writeEndObject();
    }
}

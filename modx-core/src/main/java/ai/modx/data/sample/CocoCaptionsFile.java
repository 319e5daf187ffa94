package ai.modx.data.sample;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Writes {@code captions_*.json} of COCO: a list of images and a list of captions that point at them. */
final class CocoCaptionsFile {

    private final Wording wording;
    private final int side;

    CocoCaptionsFile(Wording wording, int side) {
        this.wording = wording;
        this.side = side;
    }

    /** @param firstCaptionId number of the first caption; the others follow */
    void write(Path file, List<Picture> pictures, int firstCaptionId) throws IOException {
        SampleFile.write(file, out -> write(out, pictures, firstCaptionId));
    }

    private void write(OutputStream out, List<Picture> pictures, int firstCaptionId) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeObjectFieldStart("info");
            json.writeStringField("description", "sample data: coloured shapes");
            json.writeEndObject();
            json.writeArrayFieldStart("licenses");
            json.writeEndArray();
            images(json, pictures);
            annotations(json, pictures, firstCaptionId);
            json.writeEndObject();
        }
    }

    private void images(JsonGenerator json, List<Picture> pictures) throws IOException {
        json.writeArrayFieldStart("images");
        for (Picture picture : pictures) {
            json.writeStartObject();
            json.writeNumberField("id", picture.imageId());
            json.writeStringField("file_name", picture.name());
            json.writeNumberField("height", side);
            json.writeNumberField("width", side);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void annotations(JsonGenerator json, List<Picture> pictures, int firstCaptionId) throws IOException {
        int id = firstCaptionId;
        json.writeArrayFieldStart("annotations");
        for (Picture picture : pictures) {
            for (String caption : wording.captions(picture.scene())) {
                json.writeStartObject();
                json.writeNumberField("image_id", picture.imageId());
                json.writeNumberField("id", id++);
                json.writeStringField("caption", caption);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}

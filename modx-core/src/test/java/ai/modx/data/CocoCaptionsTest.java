package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CocoCaptionsTest {

    @TempDir
    Path dir;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("captions_train2014.json");
    }

    @Test
    void groupsCaptionsByImageInFileOrder() {
        CaptionDataset dataset = read("""
                {"info": {"images": []},
                 "annotations": [{"image_id": 7, "id": 1, "caption": "a"}, {"image_id": 5, "caption": "b"},
                                 {"image_id": 7, "caption": "c"}],
                 "images": [{"id": 7, "file_name": "x/7.jpg"}, {"id": 5, "file_name": "5.jpg"}]}""");

        assertThat(dataset.name()).isEqualTo("captions_train2014");
        assertThat(dataset.items()).containsExactly(
                new CaptionedImage(dir.resolve("x/7.jpg"), List.of("a", "c")),
                new CaptionedImage(dir.resolve("5.jpg"), List.of("b")));
        assertThat(dataset.captionCount()).isEqualTo(3);
    }

    @Test
    void leavesOutImagesWithoutCaptionAndCaptionsWithoutImage() {
        CaptionDataset dataset = read("""
                {"images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}],
                 "annotations": [{"image_id": 2, "caption": "b"}, {"image_id": 3, "caption": "c"}]}""");

        assertThat(dataset.items()).extracting(CaptionedImage::file).containsExactly(dir.resolve("2.jpg"));
    }

    @Test
    void namesMissingFileAndFolder() throws IOException {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> CocoCaptions.read(file, dir))
                .withMessage(file + ": no such file. Expected a JSON file with image annotations");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> CocoCaptions.read(dir, dir))
                .withMessage(dir + ": is a folder. Expected a JSON file with image annotations");
        Files.writeString(file, "{}");
        Path images = dir.resolve("absent");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> CocoCaptions.read(file, images))
                .withMessage(images + ": no such folder. Expected the folder with the images of the annotation file");
    }

    @Test
    void namesLineAndColumnOfMalformedJson() {
        fails("{\"images\": [\n{\"id\": 1, oops}]}", "malformed JSON at line 2, column 11: Unexpected character ('o' (code 111)):"
                + " was expecting double-quote to start field name. Is the file complete?");
        fails("{\"images\": [\n{\"id\": 1, \"file_name\": \"a\"}", "malformed JSON at line 2, column 28: Unexpected end-of-input:"
                + " expected close marker for Array. Is the file complete?");
        fails("{\"images\": [{\"id\": 1, \"file_na", "malformed JSON at line 1, column 31: Unexpected end-of-input in field name."
                + " Is the file complete?");
        fails("{\"images\": []", "malformed JSON at line 1, column 14: Unexpected end-of-input: expected close marker for Object."
                + " Is the file complete?");
        fails("{\"images\": [{\"id\": NaN}]}", "malformed JSON at line 1, column 23: Non-standard token 'NaN', which JSON lacks. Is the file complete?");
        fails("image,caption\na.jpg,a dog\n", "is not JSON: it begins with 'image,caption'. Expected the annotations of COCO or of Karpathy's Flickr30K");
        fails("\n", "is empty. Expected the annotations of COCO or of Karpathy's Flickr30K");
        fails("[1]", "the file is not a JSON object (line 1). Expected the annotations of COCO or of Karpathy's Flickr30K");
    }

    @Test
    void saysWhatStandsInPlaceOfAnnotations() {
        fails("version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                "is a git-LFS pointer, in place of the file that 'git lfs pull' downloads. "
                + "Run 'git lfs pull' in its repository");
        fails("<!DOCTYPE html><html>404</html>", "is a web page (HTML), as servers send in place of a file. "
                + "Download it again; its address leads to a page, or asks for a login");
        fails("PK\3\4zip", "is a zip archive. Unpack it");
    }

    @Test
    void saysWhatIsNotUtf8() throws IOException {
        String json = "{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}],\n \"annotations\": [{\"image_id\": 1, \"caption\": \"a caf\u00e9\"}]}";
        Files.write(file, json.getBytes(StandardCharsets.ISO_8859_1));
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> CocoCaptions.read(file, dir))
                .withMessage(file + ": is not UTF-8 in line 2, as JSON must be. Convert it, for example from Latin-1 with: "
                        + "iconv -f latin1 -t utf-8");
    }

    @Test
    void refusesWhatIsDeepLargeOrThereTwice() {
        fails("{\"images\": [{\"id\": " + "[".repeat(2000), "malformed JSON: Document nesting depth (1001) exceeds the maximum allowed (1000). Is the file complete?");
        fails("{\"images\": [{\"id\": [" + "{},".repeat(60_000), "images[0] has more than 100000 names and values. "
                + "Expected the annotations of COCO or of Karpathy's Flickr30K");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> read("{\"images\": [{\"id\": 1, \"file_name\": \"" + "x".repeat(2 << 20) + "\"}]}"))
                .withMessageMatching("\\S+: malformed JSON: String value length \\(\\d+\\) exceeds the maximum allowed \\(1048576\\). Is the file complete\\?");
        fails("{\"images\": [], \"images\": []}", "has 'images' twice. Expected the annotations of COCO or of Karpathy's Flickr30K");
    }

    @Test
    void namesThatATerminalWouldObeyOrThatFillItAreCutAndCleaned() {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"\\u001b[2J/../x\\r\"}]}", "images[0] names the image '?[2J/../x?', which is not inside the image folder "
                + dir + ". Expected a relative name without '..'");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> read("{\"images\": [{\"id\": 1, \"file_name\": \"/" + "x".repeat(100_000) + "\"}]}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5000));
    }

    @Test
    void recognisesKarpathysFormat() {
        fails("{\"images\": [{\"filename\": \"1.jpg\", \"split\": \"train\", \"sentences\": [{\"raw\": \"a\"}]}], \"dataset\": \"flickr30k\"}",
                "has no 'annotations'; it looks like Karpathy's format: pass it as --flickr30k_train_annotation_file");
    }

    @Test
    void namesWhatIsMissingOrOfWrongType() {
        fails("{\"images\": []}", "has no 'annotations'. Expected COCO's captions_*.json");
        fails("{\"annotations\": []}", "has no 'images'. Expected COCO's captions_*.json");
        fails("{\"images\": {}}", "'images' is not a JSON array (line 1). Expected the annotations of COCO or of Karpathy's Flickr30K");
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"a\"},\n 3]}",
                "images[1] is not a JSON object (line 2). Expected the annotations of COCO or of Karpathy's Flickr30K");
        fails("{\"images\": [{\"id\": 1}]}", "images[0] has no 'file_name'");
        fails("{\"images\": [{\"id\": \"one\", \"file_name\": \"a\"}]}", "images[0].id is \"one\", not a whole number");
        fails("{\"annotations\": [{\"image_id\": 1, \"caption\": \"a\"}, {\"image_id\": 1}]}", "annotations[1] (image 1) has no 'caption'");
        fails("{\"annotations\": [{\"image_id\": 1, \"caption\": null}]}", "annotations[0] (image 1).caption is null, not a text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "[\"a\"]", "{\"raw\":\"a\"}", "true"})
    void anImageWhoseOnlyCaptionIsNoTextIsToldAndTheOthersAreRead(String caption) throws IOException {
        Files.writeString(file, "{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}, {\"id\": 2, \"file_name\": \"2.jpg\"}],"
                + " \"annotations\": [{\"image_id\": 1, \"caption\": " + caption + "}, {\"image_id\": 2, \"caption\": \"b\"}]}");
        List<DataProblem> problems = new ArrayList<>();

        CaptionDataset dataset = CocoCaptions.read(file, dir, problems::add);

        assertThat(dataset.items()).containsExactly(new CaptionedImage(dir.resolve("2.jpg"), List.of("b")));
        assertThat(problems).containsExactly(
                new DataProblem(Defect.BROKEN_ENTRY, file.toString(), "annotations[0] (image 1).caption is " + caption + ", not a text"),
                new DataProblem(Defect.IMAGE_WITHOUT_CAPTION, file.toString(), "image 1, 1.jpg, has no caption"));
    }

    @Test
    void anImageWhoseCaptionsAreAllBlankIsRefused() {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}],"
                + " \"annotations\": [{\"image_id\": 1, \"caption\": \" \"}, {\"image_id\": 1, \"caption\": \"\"}]}",
                "image 1, 1.jpg, has only captions without a word");
        assertThat(read("{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}],"
                + " \"annotations\": [{\"image_id\": 1, \"caption\": \" \"}, {\"image_id\": 1, \"caption\": \"a\"}]}")
                        .captionCount()).isEqualTo(2);
    }

    @Test
    void annotationsOfObjectsAreNamed() {
        String images = "{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}], \"annotations\": [";
        String expected = ", with 'category_id' and without 'caption', as in COCO's instances_*.json and "
                + "person_keypoints_*.json. Expected captions_*.json";
        fails(images + "{\"id\": 1, \"image_id\": 1, \"category_id\": 7, \"bbox\": [1, 2, 3, 4]}]}",
                "1 annotation is of objects" + expected);
        fails(images + "{\"image_id\": 1, \"category_id\": 1, \"keypoints\": []}, {\"image_id\": 1, \"category_id\": "
                + "1}]}", "2 annotations are of objects" + expected);
        fails(images + "{\"image_id\": 1, \"caption\": \"a\"}, {\"image_id\": 1, \"category_id\": 1}]}",
                "1 annotation is of objects" + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"images\": [], \"annotations\": []}", "[]", "7", "null"})
    void moreBehindTheEndIsRefused(String more) {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}], \"annotations\": [{\"image_id\": 1, \"caption\": \"a\"}]}\n " + more,
                "has more behind the end of its JSON document, at line 2, column 2. Expected one document: were two files put together?");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFile() {
        assertThat(read("\ufeff{\"images\": [{\"id\": 1, \"file_name\": \"1.jpg\"}],\r\n \"annotations\": "
                + "[{\"image_id\": 1, \"caption\": \"a\"}]}\r\n").size())
                .isEqualTo(1);
    }

    @Test
    void refusesRepeatedIdsAndFilesWithoutCaptionedImage() {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"a\"}, {\"id\": 1, \"file_name\": \"b\"}]}",
                "images[1] repeats the id 1 of an earlier image");
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"a\"}], \"annotations\": [{\"image_id\": 2, \"caption\": \"a\"}]}",
                "no image has a caption (images: 1, image ids of the captions: 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.jpg", "/etc/a.jpg", "x/../../a.jpg", "x/../a.jpg", "x/..", "", "."})
    void refusesFilesOutsideTheImageFolder(String name) {
        fails("{\"images\": [{\"id\": 1, \"file_name\": \"" + name + "\"}]}", "images[0] names the image '" + name
                + "', which is not inside the image folder " + dir + ". Expected a relative name without '..'");
    }

    private CaptionDataset read(String json) {
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CocoCaptions.read(file, dir);
    }

    private void fails(String json, String message) {
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> read(json)).withMessage(file + ": " + message);
    }
}

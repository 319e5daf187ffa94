package ai.modx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

    @TempDir
    Path folder;

    @Test
    void tensorsAndMetadataAreRead() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file(
                "{\"__metadata__\":{\"epoch\":\"4\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}  ", 8));
        assertThat(checkpoint.epoch()).hasValue(4);
        assertThat(checkpoint.model().get("w").shape()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}     | tensor 'w' has data_offsets that do not fit its shape and type
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}    | lies outside the file
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}    | tensor 'w' has a shape or data_offsets that are no sizes
            {"w":{"dtype":"F32","shape":[1e3],"data_offsets":[0,8]}}   | tensor 'w' has a shape or data_offsets that are no sizes
            {"w":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,8]}} | tensor 'w' has an impossible shape
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}     | its tensors take 4 bytes, but 8 are there
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}     | its tensors overlap or leave a gap at byte 0 of the elements
            {"w":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}      | tensor 'w' is of the unknown type 'Q4'
            {"w":{"dtype":"F32"}}                                      | tensor 'w' has data_offsets that do not fit its shape and type
            {"w":3}                                                    | tensor 'w' is of the unknown type ''
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | tensor 'b' overlaps another tensor
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | Duplicate field 'a'
            {"w":                                                      | its header is not valid JSON
            """)
    void aHeaderThatDoesNotFitIsRefused(String header, String fault) throws IOException {
        Path file = file(header, 8);
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isExactlyInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("Cannot read checkpoint " + file + ": ")
                .hasMessageContaining(fault);
    }

    @Test
    void aDeeplyNestedHeaderIsRefused() throws IOException {
        Path file = file("{\"a\":".repeat(100_000), 0);
        assertThatThrownBy(() -> Checkpoint.read(file)).isInstanceOf(CheckpointException.class).hasMessageContaining("not valid JSON");
    }

    @Test
    void aHeaderOfManyTinyValuesIsRefused() throws IOException {
        Path file = file("{\"a\":[" + "{},".repeat(1_100_000) + "{}]}", 0);
        assertThatThrownBy(() -> Checkpoint.read(file)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("its header is not valid JSON: Token count (2000001) exceeds the maximum allowed (2000000");
    }

    private Path file(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
        bytes.writeBytes(json);
        bytes.writeBytes(new byte[dataBytes]);
        return Files.write(folder.resolve("x.safetensors"), bytes.toByteArray());
    }
}

package ai.modx.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The lines of a gzip-compressed UTF-8 table that lies beside these classes. */
final class GzipLines {

    private GzipLines() {}

    static List<String> of(String resource) {
        try (InputStream file = GzipLines.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("The resource ai/modx/text/" + resource
                        + " is missing: modx-core was built incompletely");
            }
            InputStreamReader text = new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8);
            return new BufferedReader(text).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

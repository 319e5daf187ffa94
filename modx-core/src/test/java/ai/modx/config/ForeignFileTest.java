package ai.modx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFileTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "WEB_PAGE|<!DOCTYPE html><html><head><title>404</title>",
        "WEB_PAGE|<HTML lang='en'>",
        "WEB_PAGE|<!-- a comment --> <html>",
        "WEB_PAGE|<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'><html xmlns='http://www.w3.org/1999/xhtml'>",
        "WEB_PAGE|<h1>Not found</h1>",
        "XML|<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code></Error>",
        "XML|<Error><Code>NoSuchKey</Code></Error>",
        "SVG|<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>",
        "SVG|<svg width='10'>",
        "LFS_POINTER|version https://git-lfs.github.com/spec/v1 oid sha256:4d size 605157884",
        "ANNEX_POINTER|/annex/objects/SHA256E-s605157884--4d.jpg",
        "PDF|%PDF-1.7"})
    void textsAreToldByTheirFirstWords(ForeignFile kind, String start) {
        assertThat(ForeignFile.of(bytes(start, StandardCharsets.UTF_8))).contains(kind);
        assertThat(ForeignFile.of(bytes(start + "\n" + "x".repeat(5000), StandardCharsets.UTF_8))).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void byteOrderMarksAndLinesBeforeThemAreSkipped(String charset) {
        assertThat(ForeignFile.of(bytes("\ufeff\r\n\t <!doctype HTML>", Charset.forName(charset)))).contains(ForeignFile.WEB_PAGE);
    }

    @ParameterizedTest
    @CsvSource({"EMPTY,''", "APPLE_DOUBLE,0005160700020000", "APPLE_DOUBLE,0005160000020000", "ZIP,504b03041400", "ZIP,504b05060000"})
    void filesAreToldByTheirFirstBytes(ForeignFile kind, String hex) {
        assertThat(ForeignFile.of(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))).contains(kind);
    }

    @Test
    void archivesAreTold() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        new GZIPOutputStream(zipped).close();
        assertThat(ForeignFile.of(ByteBuffer.wrap(zipped.toByteArray()))).contains(ForeignFile.GZIP);
        byte[] tar = new byte[512];
        System.arraycopy("0.jpg".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 5);
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertThat(ForeignFile.of(ByteBuffer.wrap(tar))).contains(ForeignFile.TAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffd8ffe000104a464946", "89504e470d0a1a0a0000000d49484452", "80027d71002e", "8000000000000000", "3c", "3c20", "ff3c68746d6c", "00051607ff", "6e6f742061206b6e6f776e"})
    void whatIsNoneOfThemIsLeftToItsReader(String hex) {
        assertThat(ForeignFile.of(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))).isEmpty();
    }

    @Test
    void theBufferStaysWhereItWas() {
        ByteBuffer start = bytes("xx<html>", StandardCharsets.UTF_8).position(2);
        assertThat(ForeignFile.of(start)).contains(ForeignFile.WEB_PAGE);
        assertThat(start.position()).isEqualTo(2);
    }

    private static ByteBuffer bytes(String text, Charset charset) {
        return ByteBuffer.wrap(text.getBytes(charset));
    }
}

package ai.modx.fuzz;

import java.util.List;
import java.util.Map;

/** What mutators know of the file formats. */
public final class Formats {

    /** Zip: the fields behind the signatures of local headers, directory entries and end records. */
    public static final Mutator ZIP = Mutator.of(
            List.of("PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7", "PK\7\b", "../", "/", "\0", "data.pkl", "constants.pkl", "data/0", "\1\0\20\0",
                    "\uffff\uffff\uffff\uffff"),
            List.of("PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7"));

    /** Pickle: operations with lengths that lie, calls of anything, values in themselves. */
    public static final Mutator PICKLE = Mutator.of(
            List.of("(", ")", "]", "}", "N", "\u0088", ".", "0", "q\0", "q\1", "h\0", "h\1", "h\2", "r\0\0\0\0", "j\0\0\0\0", "\u0094", "a", "e", "s", "u", "t", "d", "l",
                    "\u0085", "\u0086", "\u0087", "R", "b", "Q", "\u0081", "\u0093", "]q\0h\0a", "h\0h\0\u0086q\0", "h\0h\0\u0087R", "(h\0h\0h\0h\0h\0h\0tq\0", "](h\0h\0eq\0",
                    "K\0", "M\0\0", "J\0\0\0\u0080", "\u008a\b\0\0\0\0\0\0\0\u0080", "\u008a\b\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\177", "\u008a\t\0\0\0\0\0\0\0\0\1",
                    "\u008b\u00ff\u00ff\u00ff\177", "X\u00ff\u00ff\u00ff\177", "\u008d\0\0\0\0\0\0\0\200", "B\u00ff\u00ff\u00ff\u00ff", "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\177",
                    "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\177", "G\177\u00f0\0\0\0\0\0\0", "cos\nsystem\n", "c__builtin__\neval\n", "ccollections\nOrderedDict\n",
                    "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_parameter\n", "c_codecs\nencode\n", "ctorch\nFloatStorage\n", "ctorch\nLongStorage\n",
                    "ctorch\nSize\n", "c__torch__\nM\n)\u0081", "X\7\0\0\0storage", "X\1\0\0\0000", "X\5\0\0\0state", "X\6\0\0\0params", "X\5\0\0\0betas", "X\5\0\0\0epoch"),
            List.of("storage", "q", "K", "M", "J", "X", "\u008a"));

    /** JSON, for headers and annotations. */
    public static final Mutator JSON = Mutator.of(
            List.of("{", "}", "[", "]", ",", ":", "\"", "\\", "{\"a\":", "[{", "{},", "[],", "null", "true", "\"\"", "-1", "0", "1e999", "-0.0", "9223372036854775808",
                    "1e-999999999", "99999999999999999999999999999999", "\\u0000", "\\ud800", "\u001b[2J", "\0", "\u00ef\u00bb\u00bf", "\u00fe\u00ff", "../", "/", "&", "&amp;", " ",
                    "\\n", "\n", "\u00ff", "\"shape\":", "\"data_offsets\":[0,0]", "\"dtype\":\"F32\"", "[4611686018427387904,4]", "[0,1152921504606846976,1152921504606846976]",
                    "\"__metadata__\":", "\"images\":", "\"annotations\":[", "\"sentences\":[", "\"raw\":", "\"split\":", "\"id\":", "\"global_step\":"),
            List.of("{", "["));

    /** YAML: aliases of aliases, tags that would make objects, other ways to write things. */
    public static final Mutator YAML = Mutator.of(
            List.of(":", ": ", "- ", "\n", "\n  ", "\t", "? ", "[", "]", "{", "}", "{a: ", "&a ", "*a", "&a [*a, *a]\n", "b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n", "<<: *a\n", "!!python/object:os.system ",
                    "!!java.net.URL ", "!", "|\n", ">-\n", "%", "---\n", "...\n", "@", "`", "\"", "'", "\\x1b[2J", "\"\\e[2J\"", "\0", "\u0007", "\u00ef\u00bb\u00bf", "\u00ff", "~", "null", "yes", "0x7fffffff",
                    "0777", "1_000", "2147483647", "-1", "99999999999999999999", "1:30", ".inf", "#"),
            List.of(": ", "\n"));

    /** JPEG: segments and their lengths, sizes, sampling factors, scans. */
    public static final Mutator JPEG = Mutator.of(
            List.of("\u00ff\u00d8", "\u00ff\u00d9", "\u00ff\u00da\0\14\3\1\0\2\21\3\21\0\77\0", "\u00ff\u00da\0\b\1\1\0\1\77\0", "\u00ff\u00da\0\b\1\1\0\0\0\0", "\u00ff\u00c0\0\21\b", "\u00ff\u00c2\0\21\b",
                    "\u00ff\u00c4", "\u00ff\u00db", "\u00ff\u00dd\0\4\0\1", "\u00ff\u00cc", "\u00ff\u00dc\0\4\u00ff\u00ff", "\u00ff\u00d0", "\u00ff\0", "\u00ff\u00fe\0\2", "\u00ff\u00e1\u00ff\u00ff",
                    "\u00ff\u00e0\0\20JFIF\0", "\u00ff\u00ee\0\16Adobe\0d\0\0\0\0\1", "\u00ff\u00ff\u00ff\u00ff"),
            List.of("\u00ff\u00c0", "\u00ff\u00c2", "\u00ff\u00c4", "\u00ff\u00da", "\u00ff\u00db", "\u00ff\u00dd", "\u00ff\u00e0", "\u00ff\u00ee"));

    /** PNG: chunks and their lengths, sizes, depths, colour types, interlace. */
    public static final Mutator PNG = Mutator.of(
            List.of("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "iCCP", "zTXt", "\0\0\0\0IDAT\0\0\0\0", "\0\0\0\0IEND\u00ae\u0042\u0060\u0082", "\0\0\0\3PLTE\1\2\3\0\0\0\0",
                    "\0\0\3\3PLTE", "\177\u00ff\u00ff\u00ffzTXt", "\u00ff\u00ff\u00ff\u00ff", "\u0089PNG\r\n\32\n"),
            List.of("IHDR", "PLTE", "IDAT", "tRNS"));

    /** Protocol buffers: lengths that lie, numbers without an end, fields of other types. */
    public static final Mutator PROTOBUF = Mutator.of(
            List.of("\t", "\20", "\32", "*", "\n", "\25", "*\0", "\n\0", "*\u00ff\u00ff\u00ff\u00ff\17", "\n\u00ff\u00ff\u00ff\u00ff\7", "\20\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\1",
                    "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "\13", "\14", "\17", "\25\0\0\u00c0\177"),
            List.of("*", "\n", "\20"));

    /** Captions: runs, character references, marks, halves of characters. */
    public static final Mutator TEXT = Mutator.of(
            List.of(" ", "\t", "\n", "\r", "\0", ",", "\"", "{}", "\u00ef\u00bb\u00bf", "\u00ff\u00fe",
                    "version https://git-lfs.github.com/spec/v1\n", "<!DOCTYPE html>", "&", "&amp;", "&amp", "&#",
                    "&#x110000;", "&#0;", "&#99999999999;", "&notit;", "<|startoftext|>", "<|endoftext|>", "'s", "'",
                    "a", "zq", "1",
                    "\u00e2\u0080\u00a8", "\u00f0\u009f\u0098\u0080", "\u00cc\u0081", "\u00ed\u00a0\u0080", "\u00c2\u00a0", "\u00c4\u00b0", "\u00ff"),
            List.of());

    /** Formats by the name that their test resources begin with. */
    static final Map<String, Mutator> OF_IMAGES = Map.of("jpeg", JPEG, "png", PNG);

    private Formats() {}
}

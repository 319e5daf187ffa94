package ai.modx.fuzz;

import ai.modx.Golden;
import ai.modx.checkpoint.AdamWState;
import ai.modx.checkpoint.CheckpointContents;
import ai.modx.checkpoint.CheckpointWriter;
import ai.modx.torch.HostTensor;
import ai.modx.torch.OrderedDict;
import ai.modx.torch.PickleWriter;
import ai.modx.torch.ScriptObject;
import ai.modx.torch.TensorSource;
import ai.modx.torch.TorchZipWriter;
import ai.modx.torch.Tuple;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Good files to start from: what our writers write, and those golden files that are there. */
public final class Seeds {

    private Seeds() {}

    /** What CheckpointWriter writes under a name with this ending. */
    static byte[] checkpoint(String ending) {
        try {
            Path file = Files.createTempFile("seed", ending);
            CheckpointWriter.write(file, new CheckpointContents(1, 2, model(), Optional.of(optimizer()),
                    Map.of("modx", Map.of("identity", Map.of("--seed", "3")))));
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, HostTensor> model() {
        Map<String, HostTensor> model = new LinkedHashMap<>();
        model.put("logit_scale", HostTensor.of(new float[] {2.5f}));
        model.put("text_projection", HostTensor.of(new float[6], 2, 3));
        return model;
    }

    private static AdamWState optimizer() {
        TreeMap<Integer, ai.modx.optim.AdamW.Moments> moments = new TreeMap<>();
        moments.put(0, new ai.modx.optim.AdamW.Moments(2, HostTensor.of(new float[] {1}), HostTensor.of(new float[] {1})));
        return new AdamWState(List.of(new AdamWState.Group(1e-3, 1e-3, 0.9, 0.98, 1e-6, 0.2, List.of(0, 1))), moments);
    }

    /** A checkpoint's tree as torch.save would get it. */
    static PickleWriter checkpointPickle() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("epoch", 1);
        tree.put("global_step", 2L);
        tree.put("model_state_dict", new OrderedDict(model()));
        tree.put("optimizer_state_dict", Map.of("state", Map.of(0, Map.of("step", HostTensor.of(new float[] {2}), "exp_avg", HostTensor.of(new float[4], 2, 2),
                "exp_avg_sq", HostTensor.of(new float[4], 2, 2))), "param_groups", List.of(Map.of("lr", 0.1, "betas", Tuple.of(0.9, 0.98), "eps", 1e-6,
                "weight_decay", 0.2, "params", List.of(0, 1)))));
        tree.put("modx", Map.of("identity", Map.of("--seed", "3")));
        return new PickleWriter(tree);
    }

    /** A module inside a module. */
    static PickleWriter modulePickle() {
        Map<String, Object> inner = new LinkedHashMap<>(model());
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("training", false);
        outer.put("input_resolution", HostTensor.of(new float[] {224}));
        outer.put("visual", new ScriptObject("__torch__.Visual", inner));
        return new PickleWriter(new ScriptObject("__torch__.Clip", outer));
    }

    /** Puts a changed pickle in the place of the good one, with the good one's tensors and right checksums. */
    public static FuzzTarget.Framing archive(PickleWriter good, String... otherEntries) {
        return pickle -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TorchZipWriter zip = new TorchZipWriter(bytes, "archive")) {
                zip.entry("data.pkl", pickle);
                int index = 0;
                for (TensorSource tensor : good.tensors()) {
                    zip.entry("data/" + index++, tensor.load().data());
                }
                for (String name : otherEntries) {
                    zip.entry(name, "");
                }
            }
            return bytes.toByteArray();
        };
    }

    static byte[] file(FuzzTarget.Framing framing, byte[] input) {
        try {
            return framing.file(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** The golden files of a folder that have this name, as far as they are there. */
    static List<byte[]> golden(String folder, String nameRegex, long maxBytes) {
        try (Stream<Path> files = Files.list(Golden.path(folder))) {
            List<byte[]> contents = new ArrayList<>();
            for (Path file : files.filter(path -> path.getFileName().toString().matches(nameRegex)).sorted().toList()) {
                if (Files.size(file) <= maxBytes) {
                    contents.add(Files.readAllBytes(file));
                }
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Small pictures of many kinds, whose names match. */
    static List<byte[]> pictures(String nameRegex) {
        try (InputStream in = Seeds.class.getResourceAsStream("/ai/modx/data/image/pillow.json")) {
            List<byte[]> files = new ArrayList<>();
            for (JsonNode picture : new ObjectMapper().readTree(in).get("pictures")) {
                if (Pattern.compile(nameRegex).matcher(picture.get("name").asText()).lookingAt()) {
                    files.add(picture.get("file").binaryValue());
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PNG file whose chunks have the right checksums, as far as there are chunks. */
    static byte[] withChecksums(byte[] png) {
        byte[] file = png.clone();
        ByteBuffer numbers = ByteBuffer.wrap(file);
        for (long at = 8; at + 12 <= file.length; ) {
            long length = Integer.toUnsignedLong(numbers.getInt((int) at));
            if (at + 12 + length > file.length) {
                break;
            }
            CRC32 checksum = new CRC32();
            checksum.update(file, (int) at + 4, (int) length + 4);
            numbers.putInt((int) (at + 8 + length), (int) checksum.getValue());
            at += 12 + length;
        }
        return file;
    }

    @SafeVarargs
    static List<byte[]> all(List<byte[]>... lists) {
        return Stream.of(lists).flatMap(List::stream).toList();
    }
}

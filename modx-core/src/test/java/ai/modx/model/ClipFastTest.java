package ai.modx.model;

import static ai.modx.model.TensorAssert.assertClose;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.modx.torch.HostTensor;
import ai.modx.torch.NativeScope;
import ai.modx.torch.ScriptSource;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import ai.modx.torch.TorchProgram;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code clip_fast.py} computes in fewer operations, against the same as papers write it: values and gradients. */
class ClipFastTest {

    private static final String PLAIN = """
            def plain_block(x: Tensor, p: Dict[str, Tensor], block: str, heads: int, causal: bool, amp: Amp) -> Tensor:
                x = x + self_attention(layer_norm(x, p, block + ".ln_1"), p, block + ".attn", heads, causal, amp)
                h = linear(layer_norm(x, p, block + ".ln_2"), p[block + ".mlp.c_fc.weight"], p[block + ".mlp.c_fc.bias"], amp)
                h = h * torch.sigmoid(1.702 * h)  # QuickGELU
                return x + linear(h, p[block + ".mlp.c_proj.weight"], p[block + ".mlp.c_proj.bias"], amp)


            class Twins(nn.Module):
                text_heads: int
                vision_heads: int

                def amp(self) -> Amp:
                    return Amp(torch.float32, False)

                def block(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    return residual_attention_block(x, p, "transformer.resblocks.0", self.text_heads, True, self.amp())

                def plain_block(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    return plain_block(x, p, "transformer.resblocks.0", self.text_heads, True, self.amp())

                def text_head(self, x: Tensor, p: Dict[str, Tensor], tokens: Tensor) -> Tensor:
                    return text_head(x, tokens, p, self.text_heads, self.amp())

                def plain_text_head(self, x: Tensor, p: Dict[str, Tensor], tokens: Tensor) -> Tensor:
                    y = plain_block(x, p, resblocks(p, "transformer")[-1], self.text_heads, True, self.amp())
                    y = y[torch.arange(x.size(0)), tokens.argmax(dim=-1)]
                    return layer_norm(y, p, "ln_final") @ p["text_projection"]

                def image_head(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    return vit_head(x, p, self.vision_heads, self.amp())

                def plain_image_head(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    y = plain_block(x, p, resblocks(p, "visual.transformer")[-1], self.vision_heads, False, self.amp())
                    return layer_norm(y[:, 0], p, "visual.ln_post") @ p["visual.proj"]

                def patches(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    return patch_embedding(x, p["visual.conv1.weight"], self.amp())

                def plain_patches(self, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
                    kernel = p["visual.conv1.weight"]
                    return torch.conv2d(x, kernel, None, kernel.size(-1)).flatten(2).transpose(1, 2)
            """;
    private static final GoldenModel VIT = GoldenModel.load("tiny_vit");
    private static final int BATCH = 3;

    private final NDManager manager = TorchEngine.manager(Device.cpu());
    private final NativeScope scope = NativeScope.withGradients();
    private final TorchProgram program = TorchProgram.load(manager, ScriptSource.of(ClipModel.class, "clip.py", "clip_fast.py").and(PLAIN), "Twins",
            Map.of("text_heads", VIT.config().transformerHeads(), "vision_heads", VIT.config().visionHeads()));

    @AfterEach
    void close() {
        program.close();
        scope.close();
        manager.close();
    }

    @Test
    void foldedQuickGeluIsQuickGelu() {
        compare("block", "plain_block", new Shape(BATCH, 7, VIT.config().transformerWidth()));
    }

    @Test
    void theLastTextBlockOfTheEndOfTextIsTheWholeBlockReadThere() {
        NDArray tokens = manager.create(new long[][] {{5, 9, 511, 0, 0}, {5, 511, 0, 0, 0}, {5, 9, 7, 8, 511}});
        compare("text_head", "plain_text_head", new Shape(BATCH, 5, VIT.config().transformerWidth()), tokens);
    }

    @Test
    void theLastImageBlockOfTheClassTokenIsTheWholeBlockReadThere() {
        compare("image_head", "plain_image_head", new Shape(BATCH, 6, VIT.config().visionWidth()));
    }

    @Test
    void theProductOfPatchesIsTheirConvolutionWhateverPixelsAreLeftOver() {
        int side = 2 * VIT.config().visionPatchSize();
        compare("patches", "plain_patches", new Shape(BATCH, 3, side, side));
        compare("patches", "plain_patches", new Shape(BATCH, 3, side + 3, side + 3));
    }

    private void compare(String fast, String plain, Shape inputs, Object... more) {
        JniUtils.setSeed(0);
        HostTensor values = TensorCopy.toHost(manager.randomNormal(inputs));
        Map<String, float[]> expected = result(plain, values, more);
        result(fast, values, more).forEach((name, actual) -> assertClose(fast + ": " + name, actual, expected.get(name), 2e-5));
    }

    /** Features, the input's gradient and those of the weights that take part. */
    private Map<String, float[]> result(String method, HostTensor values, Object... more) {
        Map<String, NDArray> p = new LinkedHashMap<>();
        VIT.state().forEach((name, tensor) -> p.put(name, leaf(tensor)));
        NDArray x = leaf(values);
        Object[] arguments = new Object[2 + more.length];
        arguments[0] = x;
        arguments[1] = p;
        System.arraycopy(more, 0, arguments, 2, more.length);
        NDArray y = program.call(method, arguments);
        JniUtils.backward((PtNDArray) y, (PtNDArray) y.stopGradient().cos(), false, false);
        Map<String, float[]> result = new LinkedHashMap<>();
        result.put("value", TensorCopy.toHost(y).toFloatArray());
        result.put("gradient of the input", TensorCopy.toHost(x.getGradient()).toFloatArray());
        p.forEach((name, weight) -> result.put("gradient of " + name, TensorCopy.toHost(weight.getGradient()).toFloatArray()));
        return result;
    }

    private NDArray leaf(HostTensor values) {
        NDArray array = TensorCopy.toDevice(manager, values.toFloat32());
        array.setRequiresGradient(true);
        return array;
    }
}

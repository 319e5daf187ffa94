package ai.modx.model;

import java.util.List;

public record ModelConfig(int embedDim, int imageResolution, List<Integer> visionLayers, int visionWidth, int visionPatchSize,
        int contextLength, int vocabSize, int transformerWidth, int transformerHeads, int transformerLayers) {
    public boolean isResNet() { return visionLayers.size() == 4; }
    public int visionHeads() { return Math.max(1, isResNet() ? visionWidth * 32 / 64 : visionWidth / 64); }
}

package ai.modx.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.junit.jupiter.api.Test;

class SceneSamplerTest {

    private static final int COUNT = 500;

    @Test
    void drawsTheSameScenesForTheSameSeed() {
        assertThat(sampler(3, "train").scenes(COUNT)).isEqualTo(sampler(3, "train").scenes(COUNT));
    }

    @Test
    void drawsOtherScenesForAnotherSeedOrPart() {
        List<Scene> scenes = sampler(3, "train").scenes(COUNT);

        assertThat(sampler(4, "train").scenes(COUNT)).doesNotContainAnyElementsOf(scenes);
        assertThat(sampler(3, "test").scenes(COUNT)).doesNotContainAnyElementsOf(scenes);
    }

    @Test
    void usesEveryFigureHueGroundAndLayout() {
        List<Scene> scenes = sampler(0, "train").scenes(COUNT);

        assertThat(scenes).extracting(scene -> scene.first().figure()).contains(Figure.values());
        assertThat(scenes).extracting(scene -> scene.first().hue()).contains(Hue.values());
        assertThat(scenes).extracting(Scene::ground).containsAll(Ground.LIGHT);
        assertThat(scenes).extracting(Scene::layout).contains(Layout.values());
    }

    @Test
    void distinctScenesNeverShowTheSameThings() {
        assertThat(sampler(0, "test").distinctScenes(1_000)).extracting(Scene::gist).doesNotHaveDuplicates();
    }

    @Test
    void keepsEveryShapeInsideThePictureAndApart() {
        for (Scene scene : sampler(5, "train").scenes(COUNT)) {
            List<Rectangle2D> boxes = scene.items().stream().map(item -> new Area(Figure.placed(item, 100)).getBounds2D()).toList();
            assertThat(boxes).as("%s", scene).allMatch(box -> new Rectangle2D.Double(0, 0, 100, 100).contains(box));
            if (scene.isPair()) {
                Rectangle2D overlap = boxes.get(0).createIntersection(boxes.get(1));
                assertThat(Math.min(overlap.getWidth(), overlap.getHeight())).as("%s", scene).isLessThan(4);
            }
        }
    }

    @Test
    void twoShapesOfASceneDifferInFigureAndHue() {
        assertThat(sampler(6, "train").scenes(COUNT)).filteredOn(Scene::isPair).isNotEmpty().allSatisfy(scene -> {
            assertThat(scene.first().figure()).isNotEqualTo(scene.second().figure());
            assertThat(scene.first().hue()).isNotEqualTo(scene.second().hue());
        });
    }

    private static SceneSampler sampler(long seed, String part) {
        return new SceneSampler(Ground.LIGHT, seed, part);
    }
}

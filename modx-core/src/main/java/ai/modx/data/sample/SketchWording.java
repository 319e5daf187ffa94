package ai.modx.data.sample;

import java.util.List;

/** The second domain's captions: they speak of drawings and, as Flickr30K's do, set punctuation apart. */
final class SketchWording implements Wording {

    @Override
    public List<String> captions(Scene scene) {
        String ground = scene.ground().phrase();
        return List.of(
                "Someone has drawn " + Wording.listed(scene) + " " + ground + " .",
                "A chalk sketch of " + Wording.arranged(scene) + " .",
                "Drawn " + ground + " : " + Wording.arranged(scene) + " .",
                "Rough outlines of " + inChalk(scene) + " , " + ground + " .",
                (scene.isPair() ? "Hatched doodles " : "A hatched doodle ") + ground + " , " + Wording.listed(scene) + " .");
    }

    private static String inChalk(Scene scene) {
        String first = inChalk(scene.first());
        return scene.isPair() ? first + " and " + inChalk(scene.second()) : first + " " + scene.layout().phrase();
    }

    private static String inChalk(Item item) {
        return Wording.indefinite(item.figure().word()) + " in " + item.hue().word() + " chalk";
    }
}

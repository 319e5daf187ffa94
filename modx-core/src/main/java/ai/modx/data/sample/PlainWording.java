package ai.modx.data.sample;

import java.util.List;

/** The first domain's captions: short sentences about things. */
final class PlainWording implements Wording {

    @Override
    public List<String> captions(Scene scene) {
        String ground = scene.ground().phrase();
        return List.of(
                Wording.sentence(Wording.listed(scene)) + " " + ground + ".",
                "A picture of " + Wording.arranged(scene) + ".",
                Wording.sentence(ground) + " there is " + Wording.arranged(scene) + ".",
                each(scene) + ", " + ground + ".",
                (scene.isPair() ? "Two things " : "One thing ") + ground + ": " + Wording.listed(scene) + ".");
    }

    private static String each(Scene scene) {
        Item first = scene.first();
        if (scene.isPair()) {
            Item second = scene.second();
            return "The " + first.figure().word() + " is " + first.hue().word() + " and the " + second.figure().word() + " is "
                    + second.hue().word();
        }
        return "The " + first.figure().word() + " " + scene.layout().phrase() + " is " + first.size() + " and "
                + first.hue().word();
    }
}

package ai.modx.data.sample;

import java.util.List;

/** How a domain speaks about its pictures. */
interface Wording {

    /** Captions per scene, as COCO and Flickr30K have. */
    int CAPTIONS = 5;

    /** {@value #CAPTIONS} captions of the scene, each of another build; all say the shapes and their colours. */
    List<String> captions(Scene scene);

    /** The name with its article, as in {@code an orange fish}. */
    static String indefinite(String name) {
        return ("aeiou".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }

    /** The first letter in upper case. */
    static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** {@code a red heart at the top left}, or {@code a red heart above a blue star}. */
    static String arranged(Scene scene) {
        String first = indefinite(scene.first().name()) + " " + scene.layout().phrase();
        return scene.isPair() ? first + " " + indefinite(scene.second().name()) : first;
    }

    /** {@code a small red heart}, or {@code a small red heart and a large blue star}. */
    static String listed(Scene scene) {
        String first = indefinite(scene.first().fullName());
        return scene.isPair() ? first + " and " + indefinite(scene.second().fullName()) : first;
    }
}

package ai.modx.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/**
 * The folder that an annotation file's image names are relative to. Names that lead out of it are refused: an annotation
 * file from elsewhere must not decide which files of this machine are read.
 */
record ImageRoot(Path folder) {

    ImageRoot {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder. Expected the folder with the images of the annotation file");
        }
    }

    /** The image of the given name, which may have folders in it; whether it exists shows when it is loaded. */
    Path resolve(String name, Annotation annotation) {
        try {
            Path relative = Path.of(name);
            if (relative.getRoot() == null && !relative.normalize().toString().isEmpty() && !hasParentStep(relative)) {
                return folder.resolve(relative);
            }
        } catch (InvalidPathException e) {
            throw annotation.file().error(annotation.position() + " names the image '" + name + "', which is not a file name: "
                    + e.getReason());
        }
        throw annotation.file().error(annotation.position() + " names the image '" + name + "', which is not inside the image folder "
                + folder + ". Expected a relative name without '..'");
    }

    private static boolean hasParentStep(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false).anyMatch(step -> step.toString().equals(".."));
    }
}

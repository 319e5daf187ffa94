package ai.modx.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    @TempDir
    Path root;

    @Test
    void listsClassesAndImagesAsTorchvision() throws IOException {
        for (String file : new String[] {"b/2.jpg", "b/10.PNG", "b/sub/1.jpeg", "b/notes.txt", "a/x.jpg", "B/y.webp", "readme.txt"}) {
            add(file);
        }
        ImageFolder folder = ImageFolder.read("--train_dir", root);
        assertThat(folder.classes()).containsExactly("B", "a", "b");
        assertThat(folder.files()).extracting(file -> root.relativize(file).toString())
                .containsExactly("B/y.webp", "a/x.jpg", "b/10.PNG", "b/2.jpg", "b/sub/1.jpeg");
        assertThat(folder.labels()).containsExactly(0, 1, 2, 2, 2);
        ImageFolder two = folder.select(new int[] {4, 1});
        assertThat(two.classes()).hasSize(3);
        assertThat(two.labels()).containsExactly(2, 1);
        assertThat(two.fingerprint()).isNotEqualTo(folder.fingerprint());
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        fails(root.resolve("none"), "--val_dir %s is not a folder. Expected one with a sub-folder of images for each class");
        fails(root, "--val_dir %s has no sub-folders. Expected one sub-folder for each class");
        add("ILSVRC2012_val_00000001.JPEG");
        fails(root, "--val_dir %s has 1 image, but no class folders. Expected one sub-folder for each class; ImageNet's validation archive "
                + "unpacks flat: sort its images into folders by their labels, as the scripts that are known as valprep do");
        add("cat/notes.txt");
        fails(root, "--val_dir %s: class cat has no image (bmp, jpeg, jpg, pgm, png, ppm, tif, tiff, webp). Add images, or remove the folder from "
                + "the training and validation data");
    }

    @Test
    void whatJupyterGitAndMacOsAddIsNoClassAndNoImage() throws IOException {
        for (String file : new String[] {"a/1.jpg", "b/2.jpg", ".ipynb_checkpoints/1.jpg", ".git/x.png",
                "__MACOSX/a/._1.jpg", "@eaDir/1.jpg", ".DS_Store", "a/.DS_Store",
                "a/._1.jpg", "b/.ipynb_checkpoints/2-checkpoint.jpg", "b/@eaDir/2.jpg/SYNOPHOTO_THUMB.jpg"}) {
            add(file);
        }
        ImageFolder folder = ImageFolder.read("--train_dir", root);
        assertThat(folder.classes()).containsExactly("a", "b");
        assertThat(folder.files()).containsExactly(root.resolve("a/1.jpg"), root.resolve("b/2.jpg"));
        Path hidden = Files.move(root.resolve("a"), root.resolve(".a"));
        assertThat(ImageFolder.images(hidden)).as("a folder that was asked for").containsExactly(hidden.resolve("1.jpg"));
    }

    @Test
    void linksThatLeadNowhereAreMissingImages() throws IOException {
        add("a/1.jpg");
        Files.createSymbolicLink(root.resolve("a/gone.jpg"), root.resolve("nowhere/gone.jpg"));
        Files.createSymbolicLink(root.resolve("a/more"), root.resolve("nowhere"));
        ImageFolder folder = ImageFolder.read("--train_dir", root);
        assertThat(folder.files()).containsExactly(root.resolve("a/1.jpg"), root.resolve("a/gone.jpg"), root.resolve("a/more"));
        Path empty = root.resolve("a/1.jpg");
        assertThat(ImageInspection.glance(folder.files()).values()).extracting(BadImageException::defect)
                .as("of %s and the links", empty).containsExactly(Defect.EMPTY_IMAGE, Defect.MISSING_IMAGE, Defect.MISSING_IMAGE);
    }

    @Test
    void aLinkInPlaceOfAClassThatLeadsNowhereIsNamed() throws IOException {
        add("a/1.jpg");
        Files.createSymbolicLink(root.resolve("b"), root.resolve("nowhere"));
        fails(root, "--val_dir %s: b is a link to something that does not exist. Mend it if it is a class's, else remove it");
        List<DataProblem> problems = new ArrayList<>();
        assertThat(ImageFolder.read("--val_dir", root, problems::add).classes()).containsExactly("a");
        assertThat(problems).extracting(DataProblem::defect).containsExactly(Defect.CLASS_WITHOUT_IMAGE);
    }

    private static void fails(Path folder, String message) {
        assertThatThrownBy(() -> ImageFolder.read("--val_dir", folder)).isInstanceOf(DataException.class).hasMessage(message, folder);
    }

    private void add(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }
}

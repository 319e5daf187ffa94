package ai.modx.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where transformed images are kept from one epoch, or run, to the next. Never changes a result.
 *
 * @param folder empty: nowhere
 */
public record ImageCache(Optional<Path> folder) {

    /** Every image is decoded every time. */
    public static final ImageCache NONE = new ImageCache(Optional.empty());

    /**
     * The view with its images kept. That of random crops stays as it is.
     *
     * @param files all files that will be loaded, by index
     */
    public ImageView keep(ImageView view, List<Path> files) {
        if (folder.isEmpty() || view.fixed().isEmpty()) {
            return view;
        }
        return new CachedView(view, view.fixed().get(), files, folder.get());
    }
}

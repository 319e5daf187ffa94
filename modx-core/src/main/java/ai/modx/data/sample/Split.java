package ai.modx.data.sample;

import java.util.List;

/** The pictures of a domain that serve one purpose: {@code train}, {@code val} or {@code test}. */
record Split(String name, List<Picture> pictures) {

    Split {
        pictures = List.copyOf(pictures);
    }
}

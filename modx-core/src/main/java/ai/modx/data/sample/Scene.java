package ai.modx.data.sample;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one picture shows; the captions are read off this, so they are true by construction.
 *
 * @param items   one or two shapes; of two, the left one or the upper one comes first
 * @param layout  how they are arranged
 * @param ground  what is behind them
 * @param texture seed of everything that no caption mentions
 */
record Scene(List<Item> items, Layout layout, Ground ground, long texture) {

    Scene {
        items = List.copyOf(items);
        if (items.size() != layout.items()) {
            throw new IllegalArgumentException("Layout " + layout + " takes " + layout.items() + " shapes, not " + items.size());
        }
    }

    Item first() {
        return items.get(0);
    }

    Item second() {
        return items.get(1);
    }

    boolean isPair() {
        return items.size() == 2;
    }

    /** What every set of captions says: pictures that differ here can be told apart by their captions. */
    Gist gist() {
        return new Gist(items.stream().map(Item::name).collect(Collectors.toUnmodifiableSet()), ground);
    }

    /** The named things of a scene, wherever they stand, and the ground. */
    record Gist(Set<String> names, Ground ground) {}
}

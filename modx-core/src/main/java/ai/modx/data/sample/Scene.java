package ai.modx.data.sample;

import java.util.List;

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
        return new Gist(items.stream().map(Item::name).toList(), ground);
    }

    record Gist(List<String> names, Ground ground) {}
}

package ai.modx.data.sample;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Draws scenes. {@link Random} is used because its sequence is part of its specification: a seed means the same scenes on
 * every machine.
 */
final class SceneSampler {

    private final List<Ground> grounds;
    private final Random random;

    /** A sampler whose scenes depend on the seed and the part of the data set only. */
    SceneSampler(List<Ground> grounds, long seed, String part) {
        this.grounds = grounds;
        this.random = new Random(mix(seed, part));
    }

    /** Any scenes, half of them with two shapes. */
    List<Scene> scenes(int count) {
        List<Scene> scenes = new ArrayList<>(count);
        while (scenes.size() < count) {
            scenes.add(scene());
        }
        return scenes;
    }

    /** Scenes of which no two show the same things, so that a retrieval test has one right picture for a set of captions. */
    List<Scene> distinctScenes(int count) {
        List<Scene> scenes = new ArrayList<>(count);
        Set<Scene.Gist> seen = new HashSet<>();
        while (scenes.size() < count) {
            Scene scene = scene();
            if (seen.add(scene.gist())) {
                scenes.add(scene);
            }
        }
        return scenes;
    }

    /** A scene of one given shape. */
    Scene single(Figure figure) {
        Layout layout = pick(Layout.SINGLE);
        boolean large = random.nextBoolean();
        double radius = large ? between(0.25, 0.29) : between(0.14, 0.17);
        double reach = large ? 0.17 : 0.28; // keeps every shape inside the picture
        Item item = new Item(figure, pick(List.of(Hue.values())), large, 0.5 + reach * layout.column() + between(-0.025, 0.025),
                0.5 + reach * layout.row() + between(-0.025, 0.025), radius, tilt());
        return new Scene(List.of(item), layout, pick(grounds), random.nextLong());
    }

    private Scene scene() {
        return random.nextBoolean() ? single(pick(List.of(Figure.values()))) : pair();
    }

    /** Two shapes that differ in shape and colour: "the star" and "the red one" then mean one of them. */
    private Scene pair() {
        Layout layout = pick(Layout.PAIR);
        List<Figure> figures = new ArrayList<>(List.of(Figure.values()));
        List<Hue> hues = new ArrayList<>(List.of(Hue.values()));
        List<Item> items = new ArrayList<>();
        for (int side : new int[] {1, -1}) {
            Figure figure = figures.remove(random.nextInt(figures.size()));
            Hue hue = hues.remove(random.nextInt(hues.size()));
            boolean large = random.nextBoolean();
            double radius = large ? between(0.2, 0.22) : between(0.12, 0.14);
            double x = 0.5 + side * 0.23 * layout.column() + between(-0.01, 0.01) + between(-0.08, 0.08) * layout.row();
            double y = 0.5 + side * 0.23 * layout.row() + between(-0.01, 0.01) + between(-0.08, 0.08) * layout.column();
            items.add(new Item(figure, hue, large, x, y, radius, tilt()));
        }
        return new Scene(items, layout, pick(grounds), random.nextLong());
    }

    private double tilt() {
        return Math.toRadians(between(-9, 9)); // a square must not become a diamond
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** SplitMix64's finaliser: neighbouring seeds give unrelated sequences. */
    private static long mix(long seed, String part) {
        long z = seed * 0x9e3779b97f4a7c15L + part.hashCode();
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

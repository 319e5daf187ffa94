package ai.modx.data.sample;

import java.util.List;

/** A style of picture with the grounds and words that go with it; training on one and then the other is continual training. */
enum Domain {
    COCO(Ground.LIGHT, new FlatPainter(), new PlainWording()),
    FLICKR(Ground.MIXED, new ChalkPainter(), new SketchWording());

    private final List<Ground> grounds;
    private final Painter painter;
    private final Wording wording;

    Domain(List<Ground> grounds, Painter painter, Wording wording) {
        this.grounds = grounds;
        this.painter = painter;
        this.wording = wording;
    }

    List<Ground> grounds() {
        return grounds;
    }

    Painter painter() {
        return painter;
    }

    Wording wording() {
        return wording;
    }
}

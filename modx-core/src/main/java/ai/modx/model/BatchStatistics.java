package ai.modx.model;

/** What batch normalisation uses. It makes no difference to models without. */
public enum BatchStatistics {
    /** The running statistics: evaluation. */
    EVAL("encode_image"),
    /** The batch's own, which move the running ones: training. */
    TRAIN("encode_image_train"),
    /** The batch's own, leaving the running ones alone: training, of a batch that is computed a second time. */
    TRAIN_NO_UPDATE("encode_image_train_no_update");

    /** The program's method for it. */
    private final String method;

    BatchStatistics(String method) {
        this.method = method;
    }

    String method() {
        return method;
    }
}

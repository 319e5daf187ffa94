package ai.modx.data;

/** Which of an image's captions stands for it in an epoch. Must depend on the arguments alone, never on threads. */
@FunctionalInterface
public interface CaptionChoice {

    /** Always the first one. */
    CaptionChoice FIRST = (epoch, index, count) -> 0;

    /**
     * @param epoch counted from 0
     * @param index sample
     * @param count captions of the sample, at least 1
     * @return from 0 to count - 1
     */
    int choose(int epoch, int index, int count);
}

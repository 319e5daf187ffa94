package ai.modx.modxtrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Mod-X's second loss (Ni et al. 2023, section 4.3, as released): how far the student's similarity distributions have
 * moved from the teacher's, over the rows that the teacher gets right.
 *
 * <p>With S the cosines of the student and S' those of the teacher, images in rows:
 * <pre>
 *   kept rows  K  = {i : argmax_j S'_ij = i}, the first of equal maxima
 *   KL_i2t        = sum over i in K, j of  P_ij (log P_ij - log Q_ij),  P = softmax_row(S'),  Q = softmax_row(S)
 *   KL_t2i        = the same of the transposed matrices, with kept rows of their own
 *   L_distill     = (KL_i2t + KL_t2i) / 2
 * </pre>
 * There is no temperature, and whole rows are compared, the diagonal included. The original replaces the rows that are not
 * kept by the student's own, where value and gradient are exactly zero; leaving them out is the same.
 */
final class SpatialAlignment {

    /** How rows are put together. */
    enum Reduction {
        /** As released: grows with the batch. */
        SUM,
        /** Divided by the number of rows of the batch, kept or not. */
        MEAN
    }

    /**
     * The loss of one batch, in scalars.
     *
     * @param distill L_distill, with a gradient for the student
     * @param keptI2t number of image rows that the teacher gets right
     * @param keptT2i number of caption rows that the teacher gets right
     */
    record Loss(NDArray distill, NDArray keptI2t, NDArray keptT2i) {}

    private SpatialAlignment() {}

    /**
     * Compares two similarity matrices.
     *
     * @param student (B, B) cosines, images in rows, recorded for gradients
     * @param teacher (B, B) cosines of the same pairs, a constant
     */
    static Loss of(NDArray student, NDArray teacher, Reduction reduction) {
        float factor = reduction == Reduction.SUM ? 0.5f : 0.5f / student.getShape().get(0);
        NDArray weight = student.getManager().full(new Shape(), factor); // made on the device: copying a number waits for it
        NDArray keptI2t = keptRows(teacher);
        NDArray keptT2i = keptRows(teacher.transpose());
        NDArray distill = divergence(student, teacher, keptI2t.mul(weight))
                .add(divergence(student.transpose(), teacher.transpose(), keptT2i.mul(weight)));
        return new Loss(distill, keptI2t.sum(), keptT2i.sum());
    }

    /** 1 for each row whose largest element, the first of equal ones, lies on the diagonal, else 0: (B, B) to (B, 1). */
    static NDArray keptRows(NDArray cosines) {
        long batch = cosines.getShape().get(0);
        NDManager manager = cosines.getManager();
        NDArray diagonal = cosines.mul(manager.eye((int) batch)).sum(new int[] {1}, true);
        NDArray larger = cosines.gt(diagonal);
        NDArray columns = manager.arange((int) batch).reshape(1, batch);
        NDArray earlierEqual = cosines.eq(diagonal).logicalAnd(columns.lt(columns.reshape(batch, 1)));
        NDArray better = larger.logicalOr(earlierEqual).toType(cosines.getDataType(), false).sum(new int[] {1}, true);
        return better.eq(manager.zeros(new Shape())).toType(cosines.getDataType(), false);
    }

    /** Sum over rows of weight * KL(softmax(teacher row) || softmax(student row)): (B, B), (B, B), (B, 1) to a scalar. */
    static NDArray divergence(NDArray student, NDArray teacher, NDArray weight) {
        NDArray logP = teacher.logSoftmax(1);
        return logP.exp().mul(weight).mul(logP.sub(student.logSoftmax(1))).sum();
    }
}

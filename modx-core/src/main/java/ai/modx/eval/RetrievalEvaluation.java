package ai.modx.eval;

import ai.djl.Device;
import ai.modx.config.ConfigException;
import ai.modx.data.StopRequest;
import ai.modx.parallel.ReplicaGroup;
import ai.modx.text.ClipTokenizer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retrieval on a fixed choice of data sets, for any number of models one after another. */
public final class RetrievalEvaluation {

    private static final Logger log = LoggerFactory.getLogger(RetrievalEvaluation.class);

    private final List<EvaluationSet> sets;
    private final ClipTokenizer tokenizer;
    private final EncoderSettings settings;
    private final int folds;

    /**
     * @param sets  at least one, each with a name of its own
     * @param folds in how many parts to evaluate every set besides, see {@link RetrievalMetrics#meanOfFolds}; 1: not at all
     * @throws ConfigException if two sets have the same name, or one has fewer images than folds
     */
    public RetrievalEvaluation(List<EvaluationSet> sets, ClipTokenizer tokenizer, EncoderSettings settings, int folds) {
        Set<String> names = new HashSet<>();
        for (EvaluationSet set : sets) {
            if (!names.add(set.name())) {
                throw new ConfigException("Two evaluations are called " + set.name() + ". Results are kept by name: choose another for one of them");
            }
            if (folds < 1 || folds > set.images().size()) {
                throw new ConfigException("The " + set.images().size() + " images of " + set.name() + " cannot be split into " + folds
                        + " folds. Expected 1 to " + set.images().size());
            }
        }
        this.sets = List.copyOf(sets);
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.folds = folds;
    }

    /**
     * Evaluates a model on all sets, on its own devices. The model is not changed, and may be one in training between two
     * steps.
     *
     * @throws StopRequest.StoppedException if asked to stop before the end
     */
    public RetrievalReport evaluate(ReplicaGroup replicas, StopRequest stop) {
        FeatureEncoder encoder = new FeatureEncoder(replicas, tokenizer, settings, stop);
        Map<String, RetrievalResult> results = new LinkedHashMap<>();
        for (EvaluationSet set : sets) {
            long start = System.nanoTime();
            results.put(set.name(), rank(encoder.encode(set), replicas.model().manager().getDevice()));
            log.info("{}: {} images and {} captions evaluated in {} s", set.name(), set.images().size(), set.captions().size(),
                    RetrievalReport.rounded((System.nanoTime() - start) / 1e9));
        }
        return new RetrievalReport(results);
    }

    private RetrievalResult rank(RetrievalFeatures features, Device device) {
        Optional<RetrievalResult.Folds> parts = folds == 1 ? Optional.empty()
                : Optional.of(new RetrievalResult.Folds(folds, RetrievalMetrics.meanOfFolds(features, folds, device)));
        return new RetrievalResult(RetrievalMetrics.of(features, device), parts);
    }
}

package ai.modx.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** R@1 per phase as Ni et al. (ICML 2023) print and plot it for COCO and then Flickr30K; the other numbers are made up. */
final class PaperNumbers {

    static final ResultsMatrix PLAIN = phases("continual",
            new double[] {16.9, 18.4, 18.5, 19.9, 19.8, 20.6}, new double[] {14.7, 9.3, 8.8, 7.3, 6.6, 6.2},
            new double[] {12.0, 13.7, 15.2, 16.4, 14.5, 16.1}, new double[] {10.6, 6.9, 6.5, 5.7, 4.6, 4.7});
    static final ResultsMatrix MODX = phases("modx",
            new double[] {16.9, 19.3, 22.1, 25.6, 25.2, 27.9}, new double[] {14.7, 14.9, 15.2, 14.9, 14.2, 14.5},
            new double[] {12.0, 15.0, 16.8, 18.1, 19.3, 20.2}, new double[] {10.6, 11.1, 11.0, 10.7, 10.0, 10.1});
    static final ResultsMatrix JOINT = new ResultsMatrix("joint", Set.of(),
            List.of(new ResultsMatrix.Stage("joint", report(30.1, 16.1, 22.5, 11.7))));

    private PaperNumbers() {}

    static RetrievalReport report(double flickrI2t, double cocoI2t, double flickrT2i, double cocoT2i) {
        Map<String, RetrievalResult> results = new LinkedHashMap<>();
        results.put("flickr", RetrievalReportTest.result(flickrI2t, flickrT2i, 1000));
        results.put("coco", RetrievalReportTest.result(cocoI2t, cocoT2i, 5000));
        return new RetrievalReport(results);
    }

    private static ResultsMatrix phases(String method, double[] flickrI2t, double[] cocoI2t, double[] flickrT2i, double[] cocoT2i) {
        List<ResultsMatrix.Stage> stages = new ArrayList<>();
        for (int i = 0; i < cocoI2t.length; i++) {
            stages.add(new ResultsMatrix.Stage(i == 0 ? "before" : "phase " + i,
                    report(flickrI2t[i], cocoI2t[i], flickrT2i[i], cocoT2i[i])));
        }
        return new ResultsMatrix(method, Set.of("flickr"), stages);
    }
}

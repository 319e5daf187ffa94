package ai.modx.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClassNamesTest {

    @Test
    void namesOfSeveralClassesAreFoundWhateverTheirCase() {
        ClassNames names = new ClassNames(List.of(List.of("crane"), List.of("dog", "hound"), List.of("Crane",
                "crane machine"), List.of("hound")));
        assertThat(names.shared()).containsExactly(Map.entry("crane", Set.of(0, 2)), Map.entry("hound", Set.of(1, 3)));
        assertThat(new ClassNames(List.of(List.of("a", "a"), List.of("b"))).shared()).isEmpty();
    }

    @Test
    @Timeout(10)
    void aLetterThatBecomesTwoInLowerCaseCostsNoMore() {
        String many = "\u0130".repeat(400_000);
        assertThat(new ClassNames(List.of(List.of(many), List.of(many + "b"))).shared()).isEmpty();
    }
}

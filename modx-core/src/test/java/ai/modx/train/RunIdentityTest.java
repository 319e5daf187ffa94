package ai.modx.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.modx.config.ConfigException;
import ai.modx.train.RunIdentity.Continuation;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunIdentityTest {

    private static final RunIdentity BEFORE = RunIdentity.of(Map.of("seed", 11, "grad_clip_norm", 1.0));
    private static final RunIdentity NOW = RunIdentity.of(Map.of("seed", 11, "max_grad", "off"));

    @Test
    void whatOnlyOneRunHasIsADifference() {
        assertThatThrownBy(() -> NOW.requireSame("--resume latest", BEFORE, Continuation.EXACT, "start anew")).isInstanceOf(ConfigException.class)
                .hasMessage("--resume latest: that run has max_grad unset, this one off; grad_clip_norm 1.0, this one unset. "
                        + "Continue it with the same, accept the difference with --force, or start anew");
    }

    @Test
    void whatIsTheProgramsChoiceNowKeepsNoRunFromGoingOn() {
        RunIdentity chosen = RunIdentity.of(Map.of("seed", 11, "grad_clip_norm", 1.0, "linear_layers", "onednn", "--linear-layers", "onednn"));
        assertThat(BEFORE.requireSame("--resume latest", chosen, Continuation.EXACT, "start anew")).isTrue();
    }

    @Test
    void aDifferenceMayBeAccepted() {
        assertThat(NOW.requireSame("--resume latest", BEFORE, Continuation.FORCED, "start anew")).isFalse();
        assertThat(NOW.requireSame("--resume latest", NOW, Continuation.EXACT, "start anew")).isTrue();
    }
}

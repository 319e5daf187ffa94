package ai.modx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DiagnosisTest {

    @Test
    void listsWhatWasFound() {
        Diagnosis diagnosis = new Diagnosis();
        diagnosis.found("Java", "17");
        diagnosis.found("libtorch", "2.7.1");
        assertThat(diagnosis).hasToString("Java      17\nlibtorch  2.7.1\n\nNothing is wrong.\n");
        assertThat(diagnosis.isHealthy()).isTrue();
    }

    @Test
    void namesRemediesAndTellsWarningsFromProblems() {
        Diagnosis diagnosis = new Diagnosis();
        diagnosis.found("GPUs", "none");
        diagnosis.warning("Other processes are busy", "Stop them");
        assertThat(diagnosis.isHealthy()).isTrue();
        diagnosis.problem("The engine cache cannot be written", "Set DJL_CACHE_DIR");
        assertThat(diagnosis.isHealthy()).isFalse();
        assertThat(diagnosis).hasToString("GPUs  none\n\nwarning  Other processes are busy.\n         Stop them.\n"
                + "PROBLEM  The engine cache cannot be written.\n         Set DJL_CACHE_DIR.\n");
    }

    @Test
    void theDoctorExaminesThisMachine() {
        Shell.Result result = Shell.run(new Modx(), "doctor");
        assertThat(result.out()).contains("Java  ", "libtorch  ", "2.7.1", "computing in bf16 on cpu", "features differ by");
        assertThat(result.exitCode()).as(result.out()).isZero();
    }
}

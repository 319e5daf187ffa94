package ai.modx;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import ai.djl.ndarray.NDArray;
import ai.modx.torch.TensorCopy;
import ai.modx.torch.TorchEngine;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The structure that a reader may rely on: who may know whom. */
class LayersTest {

    /** From the top down: each may use those after it. */
    private static final List<String> LAYERS = List.of(
            "cli", "bench", "report", "train", "eval", "kernels", "parallel", "checkpoint", "optim", "loss", "model", "data", "text", "torch", "config");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("ai.modx");

    private static final DescribedPredicate<JavaClass> ARRAY = DescribedPredicate.describe("an array", JavaClass::isArray);

    @Test
    void packagesUseOnlyThoseBelowThem() {
        Architectures.LayeredArchitecture architecture = Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String layer : LAYERS) {
            architecture = architecture.layer(layer).definedBy("ai.modx." + layer + "..");
        }
        for (int i = 0; i < LAYERS.size(); i++) {
            Architectures.LayeredArchitecture.LayerDependencySpecification layer = architecture.whereLayer(LAYERS.get(i));
            architecture = i == 0 ? layer.mayNotBeAccessedByAnyLayer()
                    : layer.mayOnlyBeAccessedByLayers(LAYERS.subList(0, i).toArray(String[]::new));
        }
        architecture.check(CLASSES);
    }

    @Test
    void everyPackageIsALayer() {
        String[] layers = LAYERS.stream().map(layer -> "ai.modx." + layer + "..").toArray(String[]::new);
        noClasses().should().resideOutsideOfPackages(layers).check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        noClasses().that(not(resideInAPackage("ai.modx.cli.."))).should().dependOnClassesThat().resideInAPackage("picocli..").check(CLASSES);
    }

    @Test
    void onlyTheCommandLineTouchesTheProcess() {
        noClasses().that(not(resideInAPackage("ai.modx.cli.."))).should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethod(System.class, "exit", int.class).check(CLASSES);
    }

    /** Whoever loads the engine otherwise computes with an oneDNN that nobody has looked at. */
    @Test
    void theEngineIsStartedInOnePlace() {
        noClasses().that(not(belongToAnyOf(TorchEngine.class))).should().callMethodWhere(describe("it loads the engine",
                call -> call.getTargetOwner().getSimpleName().equals("NDManager") && call.getName().equals("newBaseManager")
                        || call.getTargetOwner().getSimpleName().equals("Engine") && call.getName().matches("getEngine|getInstance"))).check(CLASSES);
    }

    /** The engine's methods leave a copy of an array on a GPU, and a manager, behind with each call; on the CPU nobody would notice. */
    @Test
    void numbersAreReadFromArraysInOnePlace() {
        noClasses().that(not(belongToAnyOf(TensorCopy.class).or(name("ai.modx.torch.PinnedMemory")))).should()
                .callMethodWhere(describe("it reads an array's elements", call -> call.getTargetOwner().isAssignableTo(NDArray.class)
                        && call.getName().matches("get(Float|Double|Long|Int|Byte|Boolean|Uint8)|to(\\w*Array|ByteBuffer)"))).check(CLASSES);
    }

    @Test
    void noStateIsStaticAndMutable() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
        noFields().that().areStatic().and().areNotPrivate().and().doNotHaveModifier(JavaModifier.SYNTHETIC).should().haveRawType(ARRAY).check(CLASSES);
    }
}

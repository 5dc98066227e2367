package dev.nearhand.transport.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.nearhand.testing.arch.PackageRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.MonitorInstruction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/// The rules of the architecture, for any root package that is laid out like the transport: for the transport itself,
/// and for the planted violations that prove that each rule bites.
final class Guards {
    private static final Set<String> CLOCKS = Set.of(
            System.class.getName() + ".nanoTime",
            System.class.getName() + ".currentTimeMillis",
            Instant.class.getName() + ".now",
            Clock.class.getName() + ".systemUTC",
            Clock.class.getName() + ".systemDefaultZone",
            InstantSource.class.getName() + ".system");

    private final String root;
    private final DescribedPredicate<JavaClass> cores;

    Guards(String root) {
        this.root = root;
        this.cores = resideInAnyPackage(root + "..")
                .and(resideOutsideOfPackages(pkg("api"), pkg("netty"), pkg("bc"), pkg("signaling"), pkg("pairing")))
                .as("protocol cores");
    }

    private String pkg(String name) {
        return root + "." + name + "..";
    }

    ArchRule coresKnowNoEdge() {
        return noClasses()
                .that(cores)
                .should()
                .dependOnClassesThat(resideInAnyPackage(pkg("api"), pkg("netty"), pkg("bc"), pkg("signaling")))
                .because("what the edges call must run without them, in the simulator");
    }

    ArchRule coresUseNoNetty() {
        return noClasses()
                .that(cores)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.."))
                .because("a core sees ByteBuffers only, so that it runs in virtual time as it runs on the wire");
    }

    ArchRule coresUseNoBouncyCastle() {
        return noClasses()
                .that(cores)
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.bouncycastle.."))
                .because("BouncyCastle blocks and reads the system clock; dtls.DtlsEndpoint is the port to it");
    }

    ArchRule coresOpenNoSockets() {
        return noClasses()
                .that(cores)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.channels..")
                        .or(describe(
                                "sockets",
                                type -> type.getPackageName().equals("java.net")
                                        && (type.getSimpleName().endsWith("Socket")
                                                || type.getSimpleName().equals("NetworkInterface")))))
                .because("a core is told what arrived and asked what to send; sockets belong to the netty package");
    }

    ArchRule coresReadNoClock() {
        return noClasses()
                .that(cores)
                .should()
                .callCodeUnitWhere(calls("a clock", CLOCKS))
                .because("time is an argument: only so can a test replay an hour in a second");
    }

    ArchRule coresStartNoThreads() {
        return noClasses()
                .that(cores)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                        .or(describe(
                                "threads",
                                type -> type.isAssignableTo(Thread.class)
                                        || type.getName().startsWith(Thread.class.getName() + "$")
                                        || type.getName().equals(java.util.Timer.class.getName()))))
                .because("a core belongs to one thread, which its owner chooses");
    }

    ArchRule coresDrawNoRandomNumbersOfTheirOwn() {
        return noClasses()
                .that(cores)
                .should()
                .callCodeUnitWhere(describe(
                        "make a source of randomness",
                        (JavaAccess<?> call) ->
                                isRandomSource(call.getTarget().getOwner().getName(), call.getName())))
                .because("randomness is injected: the same seed must give the same trace");
    }

    private static boolean isRandomSource(String owner, String name) {
        boolean made = name.equals("<init>")
                && Set.of(Random.class.getName(), SplittableRandom.class.getName(), SecureRandom.class.getName())
                        .contains(owner);
        return made
                || (owner.equals(Math.class.getName()) && name.equals("random"))
                || (owner.equals(UUID.class.getName()) && name.equals("randomUUID"));
    }

    ArchRule coresHaveNoVolatileFields() {
        return noFields()
                .that()
                .areDeclaredInClassesThat(cores)
                .should()
                .haveModifier(JavaModifier.VOLATILE)
                .because("one thread needs none; a volatile field in a core hides a second thread");
    }

    ArchRule coresHaveNoSynchronizedMethods() {
        return noMethods()
                .that()
                .areDeclaredInClassesThat(cores)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("one thread needs no lock");
    }

    ArchRule coresHaveNoSynchronizedBlocks() {
        return classes().that(cores).should(enterNoMonitor()).because("one thread needs no lock");
    }

    ArchRule nettyStaysAtItsEdges() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(pkg("netty"), pkg("signaling"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.."))
                .because("another network library must be able to take Netty's place by rewriting one package");
    }

    ArchRule noByteBufLeavesTheNettyPackage() {
        return methods()
                .that()
                .areDeclaredInClassesThat(resideInAnyPackage(pkg("netty")))
                .and()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(describe("are public and no handlers", type -> type.getModifiers()
                        .contains(JavaModifier.PUBLIC)))
                .should()
                .notHaveRawReturnType(
                        describe("a Netty type", type -> type.getPackageName().startsWith("io.netty")))
                .because("whoever holds a ByteBuf must count its references; nobody outside wants to");
    }

    ArchRule bouncyCastleStaysAtItsEdge() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(pkg("bc"), pkg("pairing"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.bouncycastle.."))
                .because("its blocking handshake is tamed in one place");
    }

    ArchRule packagesHaveNoCycles() {
        return PackageRules.noCycles(root + ".(*)..");
    }

    ArchRule packagesAreNullMarked() {
        return PackageRules.nullMarked(root);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String what, Set<String> names) {
        return describe(
                what,
                call -> call.getTarget() instanceof CodeUnitCallTarget target
                        && names.contains(target.getOwner().getName() + "." + target.getName()));
    }

    /// ArchUnit does not see monitor instructions, the JDK's class file API does.
    private static ArchCondition<JavaClass> enterNoMonitor() {
        return new ArchCondition<>("have no synchronized block") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean enters = type.getSource()
                        .map(source -> bytes(source.getUri()))
                        .map(bytes -> ClassFile.of().parse(bytes).methods().stream()
                                .flatMap(method -> method.code().stream())
                                .anyMatch(Guards::entersMonitor))
                        .orElse(false);
                events.add(new SimpleConditionEvent(type, !enters, type.getName() + " has a synchronized block"));
            }
        };
    }

    private static boolean entersMonitor(CodeModel code) {
        return code.elementStream()
                .anyMatch(element ->
                        element instanceof MonitorInstruction monitor && monitor.opcode() == Opcode.MONITORENTER);
    }

    private static byte[] bytes(java.net.URI source) {
        try (InputStream in = source.toURL().openStream()) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

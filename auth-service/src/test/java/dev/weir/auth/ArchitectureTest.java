package dev.weir.auth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the rooms of the house and the direction between them. */
@AnalyzeClasses(packages = "dev.weir.auth", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] LEAVES =
      packages("problem", "observe", "exchange", "database", "key", "audit", "outbox", "mail");
  private static final String[] CAPABILITIES =
      packages("account", "password", "token", "session", "throttle", "factor", "idempotency");
  private static final String[] FLOWS =
      packages(
          "registration",
          "verification",
          "login",
          "refresh",
          "logout",
          "inspection",
          "discovery",
          "recovery",
          "settings",
          "mfa",
          "passkey",
          "oauth",
          "administration");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.weir.auth.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule LEAVES_THEN_CAPABILITIES_THEN_FLOWS_THEN_CONFIG =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("leaves")
          .definedBy(LEAVES)
          .layer("capabilities")
          .definedBy(CAPABILITIES)
          .layer("redis")
          .definedBy(packages("redis"))
          .layer("flows")
          .definedBy(FLOWS)
          .layer("config")
          .definedBy(packages("config"))
          .layer("cli")
          .definedBy(packages("cli"))
          .whereLayer("capabilities")
          .mayOnlyBeAccessedByLayers("redis", "flows", "config", "cli")
          .whereLayer("redis")
          .mayOnlyBeAccessedByLayers("config")
          .whereLayer("flows")
          .mayOnlyBeAccessedByLayers("config", "cli");

  @ArchTest
  static final ArchRule FLOWS_NEVER_IMPORT_FLOWS =
      slices()
          .matching("dev.weir.auth.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(FLOWS)),
              com.tngtech.archunit.base.DescribedPredicate.alwaysTrue())
          .ignoreDependency(
              com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
              com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(FLOWS)));

  @ArchTest
  static final ArchRule NIMBUS_ONLY_IN_KEY_AND_TOKEN =
      onlyIn("com.nimbusds..", packages("key", "token"));

  @ArchTest
  static final ArchRule WEBAUTHN_ONLY_IN_FACTOR = onlyIn("com.webauthn4j..", packages("factor"));

  @ArchTest
  static final ArchRule ALTCHA_ONLY_IN_THROTTLE = onlyIn("org.altcha..", packages("throttle"));

  @ArchTest
  static final ArchRule LETTUCE_ONLY_IN_REDIS = onlyIn("io.lettuce..", packages("redis", "config"));

  @ArchTest
  static final ArchRule BOUNCY_CASTLE_ONLY_IN_PASSWORD =
      onlyIn("org.bouncycastle..", packages("password"));

  @ArchTest
  static final ArchRule TINK_ONLY_IN_KEY = onlyIn("com.google.crypto.tink..", packages("key"));

  @ArchTest
  static final ArchRule MAIL_LIBRARY_ONLY_IN_MAIL = onlyIn("jakarta.mail..", packages("mail"));

  @ArchTest
  static final ArchRule METERS_ONLY_IN_OBSERVE =
      noClasses()
          .that()
          .resideOutsideOfPackages(packages("observe", "config"))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.micrometer.core.instrument.MeterRegistry");

  @ArchTest
  static final ArchRule SPRING_BOOT_ONLY_IN_CONFIG =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.weir.auth", "dev.weir.auth.config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.boot..");

  @ArchTest
  static final ArchRule CLASSES_ARE_FINAL =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotAnonymousClasses()
          .and()
          .resideOutsideOfPackage("dev.weir.auth.config")
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
          .orShould()
          .beEnums();

  private static ArchRule onlyIn(String library, String... rooms) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static String[] packages(String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> "dev.weir.auth." + name)
        .toArray(String[]::new);
  }
}

package dev.weir.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

@AnalyzeClasses(packages = "dev.weir.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.weir.gateway.";

  /** Each may use those before it. Stages stand on one line: none may use another. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("problem", "route"),
          Set.of("observe"),
          Set.of("exchange"),
          Set.of(
              "ingress",
              "admission",
              "jwt",
              "authorize",
              "throttle",
              "body",
              "resilience",
              "stale",
              "upstream",
              "websocket",
              "host",
              "routefile"),
          Set.of("redis", "pipeline", "cli", "tls"),
          Set.of("control"),
          Set.of("config"));

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.weir.gateway.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule LAYERS_POINT_DOWN =
      classes()
          .that()
          .resideInAPackage("dev.weir.gateway.*..")
          .should(
              new ArchCondition<JavaClass>("use only layers below, and no stage another") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  item.getDirectDependenciesFromSelf().stream()
                      .filter(dependency -> isForbidden(item, dependency.getTargetClass()))
                      .map(
                          dependency ->
                              SimpleConditionEvent.violated(item, dependency.getDescription()))
                      .forEach(events::add);
                }
              });

  @ArchTest
  static final ArchRule ROUTE_MODEL_IS_PURE_JAVA =
      classes()
          .that()
          .resideInAPackage("dev.weir.gateway.route..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "dev.weir.gateway.route..", "org.jspecify..");

  @ArchTest static final ArchRule NIMBUS_ONLY_IN_JWT = only("com.nimbusds..", "jwt");

  @ArchTest
  static final ArchRule RESILIENCE4J_ONLY_IN_RESILIENCE =
      only("io.github.resilience4j..", "resilience");

  @ArchTest static final ArchRule LETTUCE_ONLY_IN_REDIS = only("io.lettuce..", "redis");

  @ArchTest static final ArchRule YAML_ONLY_IN_ROUTEFILE = only("org.yaml..", "routefile");

  @ArchTest
  static final ArchRule SPRING_CLOUD_GATEWAY_ONLY_IN_HOST =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.weir.gateway.host..", "dev.weir.gateway.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.cloud..");

  @ArchTest
  static final ArchRule NO_SPRING_IN_THE_DATA_PLANE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.weir.gateway.host..",
              "dev.weir.gateway.config..",
              "dev.weir.gateway.control..",
              "dev.weir.gateway")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");

  private static ArchRule only(String library, String room) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static boolean isForbidden(JavaClass from, JavaClass to) {
    String source = room(from);
    String target = room(to);
    if (target.isEmpty() || source.equals(target)) {
      return false;
    }
    int below = layer(target);
    int above = layer(source);
    // The redis room adapts the ports of stages; the pipeline writes what ingress accepted.
    return below >= above;
  }

  private static int layer(String room) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(room)) {
        return i;
      }
    }
    throw new IllegalStateException("room '" + room + "' has no place in the layers; give it one");
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String rest = name.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** Keeps the import list honest where the class path is empty. */
  @ArchTest
  static void thereIsSomethingToCheck(JavaClasses classes) {
    org.assertj.core.api.Assertions.assertThat(classes.size()).isGreaterThan(50);
  }
}

package dev.weir.auth.config;

import dev.weir.auth.password.HashCost;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Starts the service from checked settings: the schema first, then everything else, the listeners
 * last.
 */
public final class AuthService {
  private AuthService() {}

  public static ConfigurableApplicationContext start(Settings settings, InstantSource clock) {
    return start(settings, clock, HashCost.CURRENT);
  }

  /** Starts with another price for each password: a test need not pay the one of production. */
  public static ConfigurableApplicationContext start(
      Settings settings, InstantSource clock, HashCost cost) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("weir", springProperties(settings)));
    var application = new SpringApplication(ServerConfiguration.class);
    application.setEnvironment(environment);
    application.setWebApplicationType(WebApplicationType.REACTIVE);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context -> {
          var beans = (GenericApplicationContext) context;
          beans.registerBean(Settings.class, () -> settings);
          beans.registerBean(InstantSource.class, () -> clock);
          beans.registerBean(HashCost.class, () -> cost);
          new Migration(settings.database()).run();
        });
    return application.run();
  }

  /**
   * Opens what the service is made of, without its listeners and as silent as a command should be.
   */
  public static ConfigurableApplicationContext openForCommand(Settings settings) {
    var environment = new StandardEnvironment();
    Map<String, Object> quiet =
        Map.of(
            "logging.level.root",
            "OFF",
            "spring.main.banner-mode",
            "off",
            "spring.main.log-startup-info",
            false,
            "spring.main.lazy-initialization",
            true);
    environment.getPropertySources().addFirst(new MapPropertySource("weir", quiet));
    var application = new SpringApplication(CommandConfiguration.class);
    application.setEnvironment(environment);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context -> {
          var beans = (GenericApplicationContext) context;
          beans.registerBean(Settings.class, () -> settings);
          beans.registerBean(InstantSource.class, InstantSource::system);
          beans.registerBean(HashCost.class, () -> HashCost.CURRENT);
        });
    return application.run();
  }

  /** What Spring Boot has to know; first in line, so that a stray variable cannot move a port. */
  private static Map<String, Object> springProperties(Settings settings) {
    var properties = new HashMap<String, Object>();
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.main.log-startup-info", false);
    properties.put("spring.lifecycle.timeout-per-shutdown-phase", "20s");
    properties.put("server.address", settings.service().address());
    properties.put("server.port", settings.service().port());
    properties.put("server.shutdown", "graceful");
    properties.put("server.max-http-request-header-size", "16KB");
    properties.put("management.server.address", settings.management().address());
    properties.put("management.server.port", settings.management().port());
    properties.put("management.endpoints.web.base-path", "/");
    properties.put("management.endpoints.web.exposure.include", "health,prometheus");
    properties.put("management.endpoints.web.path-mapping.prometheus", "metrics");
    properties.put("management.endpoint.health.probes.enabled", true);
    properties.put(
        "management.endpoint.health.group.liveness.additional-path", "management:/livez");
    properties.put(
        "management.endpoint.health.group.readiness.additional-path", "management:/readyz");
    return Map.copyOf(properties);
  }
}

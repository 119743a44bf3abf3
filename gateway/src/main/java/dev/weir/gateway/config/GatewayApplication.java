package dev.weir.gateway.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The Spring application: process configuration, management and the extension host are Boot's. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(WeirProperties.class)
@Import({ManagementConfiguration.class, DataPlaneConfiguration.class, ControlConfiguration.class})
public class GatewayApplication {

  /**
   * Starts the gateway.
   *
   * @throws RuntimeException where it cannot; {@link StartFailure} says it in words
   */
  public static ConfigurableApplicationContext start(String... args) {
    Set<String> unknown = KnownVariables.unknown(System.getenv().keySet());
    if (!unknown.isEmpty()) {
      throw new RefusedStartException(unknown.stream().map(KnownVariables::refusal).toList());
    }
    SpringApplication application = new SpringApplication(GatewayApplication.class);
    // The name under which the build wrote the bean definitions.
    application.setMainApplicationClass(GatewayApplication.class);
    // Main has the one hook that drains. With a second, the one that comes later finds the context
    // closing, does not wait for it, and ends the process in the middle of the drain.
    application.setRegisterShutdownHook(false);
    application.addListeners(new EarlyBinding());
    return application.run(args);
  }

  /** Where the build looks at the application; the gateway itself starts in Main. */
  public static void main(String[] args) {
    var _ = start(args);
  }

  /**
   * Binds and checks before anything else reads the settings, so that a bad value is reported under
   * its name.
   */
  private static final class EarlyBinding
      implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
      Binder binder = Binder.get(event.getEnvironment());
      WeirProperties settings = binder.bindOrCreate("weir", WeirProperties.class);
      List<String> problems =
          Stream.concat(
                  SettingBounds.problems(settings).stream(),
                  SettingBounds.unitless(binder).stream())
              .toList();
      if (!problems.isEmpty()) {
        throw new RefusedStartException(problems);
      }
    }
  }
}

package dev.weir.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

/**
 * What the extension host's own context is made of: Spring Cloud Gateway and the plug-ins, each by
 * its auto-configuration. {@link HostMount} opens it.
 */
@Configuration(proxyBeanMethods = false)
@Import(HostConfiguration.Candidates.class)
class HostConfiguration {
  /** What of Spring Boot the filters themselves need. */
  private static final Set<String> OF_BOOT =
      Set.of(ValidationAutoConfiguration.class.getName(), SslAutoConfiguration.class.getName());

  /**
   * All auto-configurations but Spring Boot's: the host has no server and no management pages, and
   * what else it asks of Boot is in the gateway's context above it.
   */
  static final class Candidates extends AutoConfigurationImportSelector {
    /** Nothing is excluded by name. */
    @Override
    protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
      return new AnnotationAttributes(
          Map.of("exclude", new String[0], "excludeName", new String[0]));
    }

    @Override
    protected List<String> getCandidateConfigurations(
        AnnotationMetadata metadata, @Nullable AnnotationAttributes attributes) {
      return super.getCandidateConfigurations(metadata, attributes).stream()
          .filter(name -> OF_BOOT.contains(name) || !name.startsWith("org.springframework.boot."))
          .toList();
    }
  }
}

package dev.weir.gateway.config;

import dev.weir.gateway.control.PortTakenException;
import dev.weir.gateway.tls.UnusableCertificateException;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.web.server.PortInUseException;

/** Turns whatever refused a start into the lines that a person reads. */
public final class StartFailure {
  private StartFailure() {}

  /** Returns one line per problem, each with what is wrong and how to mend it. */
  public static List<String> lines(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case RefusedStartException refused -> {
          return refused.lines();
        }
        case PortTakenException taken -> {
          return List.of(String.valueOf(taken.getMessage()));
        }
        case UnusableCertificateException certificate -> {
          return List.of(String.valueOf(certificate.getMessage()));
        }
        case PortInUseException inUse -> {
          return List.of(
              "the management port %d is taken; set WEIR_MANAGEMENT_PORT to another"
                  .formatted(inUse.getPort()));
        }
        case UnboundConfigurationPropertiesException unbound -> {
          return unbound.getUnboundProperties().stream()
              .map(
                  property ->
                      property.getName()
                          + " is not a setting of the gateway; docs/operating.md lists them")
              .toList();
        }
        case BindException bind -> {
          return List.of(bindLine(bind));
        }
        default -> {}
      }
    }
    return List.of(root(failure));
  }

  private static String bindLine(BindException bind) {
    Throwable nested = bind.getCause();
    if (nested instanceof UnboundConfigurationPropertiesException) {
      return lines(nested).getFirst();
    }
    return BadValue.line(bind);
  }

  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}

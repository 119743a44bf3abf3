package dev.weir.gateway.host;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.http.codec.ServerCodecConfigurer;
import reactor.core.publisher.Flux;

/**
 * Spring Cloud Gateway, mounted behind Weir's stages for the routes that name its filters. Only its
 * filter chain is used; a route without filters pays nothing for it.
 */
@SuppressWarnings("rawtypes") // the host's own lists of factories are raw
public final class ExtensionHost {
  private final FilteringWebHandler filters;
  private final List<GatewayFilterFactory> factories;
  private final ConfigurationService configuration;
  private final ServerCodecConfigurer codecs;

  /** Mounts the host's filter chain with the factories it knows, stock and plug-in alike. */
  public ExtensionHost(
      FilteringWebHandler filters,
      List<GatewayFilterFactory> factories,
      ConfigurationService configuration,
      ServerCodecConfigurer codecs) {
    this.filters = filters;
    this.factories = List.copyOf(factories);
    this.configuration = configuration;
    this.codecs = codecs;
  }

  /**
   * Compiles a route's filters.
   *
   * @throws IllegalArgumentException names the route, its line and the filter that does not exist
   *     or does not take its arguments
   */
  public AttemptTransport transportFor(Route route) {
    Map<Endpoint, org.springframework.cloud.gateway.route.Route> compiled = new HashMap<>();
    try {
      for (Endpoint endpoint : route.upstream().endpoints()) {
        compiled.put(endpoint, compile(route, endpoint));
      }
    } catch (RuntimeException e) {
      throw new UnusableFiltersException(route, e);
    }
    return new HostTransport(filters, compiled, codecs, route.stripPrefix());
  }

  private org.springframework.cloud.gateway.route.Route compile(Route route, Endpoint endpoint) {
    RouteDefinition definition = new RouteDefinition();
    definition.setId(route.id());
    String scheme = endpoint.scheme().name().toLowerCase(Locale.ROOT);
    definition.setUri(URI.create(scheme + "://" + endpoint.authority()));
    definition.setFilters(route.filters().stream().map(FilterDefinition::new).toList());
    RouteDefinitionRouteLocator locator =
        new RouteDefinitionRouteLocator(
            () -> Flux.just(definition),
            List.of(),
            factories,
            new GatewayProperties(),
            configuration);
    // Everything in it is in memory: the flux has its one element on subscription.
    return locator
        .getRoutes()
        .toStream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the host made no route of it"));
  }
}

package dev.weir.gateway.host;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import reactor.core.publisher.Flux;

/** Turns the filters that a route names into the host's own kind of route, one per endpoint. */
@SuppressWarnings("rawtypes") // the host's own lists of factories are raw
record FilterCompiler(List<GatewayFilterFactory> factories, ConfigurationService configuration) {

  static FilterCompiler of(BeanFactory beans) {
    return new FilterCompiler(
        beans.getBeanProvider(GatewayFilterFactory.class).orderedStream().toList(),
        beans.getBean(ConfigurationService.class));
  }

  org.springframework.cloud.gateway.route.Route compile(Route route, Endpoint endpoint) {
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

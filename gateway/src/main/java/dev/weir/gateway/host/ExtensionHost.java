package dev.weir.gateway.host;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.http.codec.ServerCodecConfigurer;

/**
 * Spring Cloud Gateway, mounted behind Weir's stages for the routes that name its filters. Only its
 * filter chain is used; a route without filters pays nothing for it, and a process without such
 * routes does not have it at all.
 */
public final class ExtensionHost {
  private final Supplier<? extends BeanFactory> mount;

  /**
   * Takes the host's filter chain from there, with the factories it knows, stock and plug-in alike.
   *
   * @param mount the host's beans; not asked before a route needs them
   */
  public ExtensionHost(Supplier<? extends BeanFactory> mount) {
    this.mount = mount;
  }

  /**
   * Compiles a route's filters.
   *
   * @throws UnusableFiltersException names the route, its line and the filter that does not exist
   *     or does not take its arguments
   */
  public AttemptTransport transportFor(Route route) {
    // Outside the try: a host that cannot be mounted is not the fault of the route.
    BeanFactory beans = mount.get();
    FilterCompiler compiler = FilterCompiler.of(beans);
    Map<Endpoint, org.springframework.cloud.gateway.route.Route> compiled = new HashMap<>();
    try {
      for (Endpoint endpoint : route.upstream().endpoints()) {
        compiled.put(endpoint, compiler.compile(route, endpoint));
      }
    } catch (RuntimeException e) {
      throw new UnusableFiltersException(route, e);
    }
    return new HostTransport(
        beans.getBean(FilteringWebHandler.class),
        compiled,
        beans.getBean(ServerCodecConfigurer.class),
        route.stripPrefix());
  }
}

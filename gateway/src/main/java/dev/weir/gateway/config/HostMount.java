package dev.weir.gateway.config;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The Spring context of the extension host, a child of the gateway's, opened by the first route
 * that names filters: a table without such a route pays neither its start nor its memory. Once open
 * it stays, as most tables that had such a route will have one again.
 *
 * <p>Never entered from an event loop: tables are compiled by the start and by the reload's thread.
 */
final class HostMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostMount.class);

  private final ConfigurableApplicationContext gateway;
  // Guarded by this.
  private @Nullable AnnotationConfigReactiveWebApplicationContext host;

  HostMount(ConfigurableApplicationContext gateway) {
    this.gateway = gateway;
  }

  /** Returns the host's beans, which it makes on the first call. */
  synchronized ApplicationContext context() {
    AnnotationConfigReactiveWebApplicationContext open = host;
    if (open == null) {
      long begin = System.nanoTime();
      open = open();
      host = open;
      LOG.atInfo()
          .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
          .log("extension host is mounted");
    }
    return open;
  }

  synchronized boolean isOpen() {
    return host != null;
  }

  /** A context without a server: its only way in is the filter chain that is taken from it. */
  private AnnotationConfigReactiveWebApplicationContext open() {
    AnnotationConfigReactiveWebApplicationContext context =
        new AnnotationConfigReactiveWebApplicationContext();
    context.setId("extension-host");
    // The very environment, as it also knows how to convert what is in it.
    context.setEnvironment(gateway.getEnvironment());
    context.setParent(gateway);
    context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
    context.register(HostConfiguration.class);
    try {
      context.refresh();
    } catch (RuntimeException | LinkageError e) {
      context.close();
      throw e;
    }
    return context;
  }

  @Override
  public synchronized void close() {
    AnnotationConfigReactiveWebApplicationContext open = host;
    if (open != null) {
      open.close();
    }
  }
}

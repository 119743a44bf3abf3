package dev.weir.gateway.config;

import reactor.netty.ReactorNetty;

/**
 * How many event loops serve. Reactor Netty starts at least four, for applications that may block
 * one; here nothing does, and loops that take turns on a core only interrupt each other.
 */
public final class EventLoops {
  private EventLoops() {}

  /**
   * One for each processor that the process may use, unless {@code -Dreactor.netty.ioWorkerCount}
   * says otherwise. To be called before Reactor Netty is first used, which reads it once.
   */
  public static void oneForEachProcessor() {
    if (System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null) {
      var processors = Integer.toString(Runtime.getRuntime().availableProcessors());
      System.setProperty(ReactorNetty.IO_WORKER_COUNT, processors);
    }
  }
}

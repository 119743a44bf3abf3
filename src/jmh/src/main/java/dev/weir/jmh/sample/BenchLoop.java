package dev.weir.jmh.sample;

import io.netty.channel.DefaultEventLoop;

/**
 * An event loop that takes whichever thread asks for its own, and does at once what it is given: a
 * bench's thread is the loop.
 */
public final class BenchLoop extends DefaultEventLoop {
  @Override
  public boolean inEventLoop(Thread thread) {
    return true;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }
}

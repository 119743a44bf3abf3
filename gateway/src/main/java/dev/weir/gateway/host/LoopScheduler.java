package dev.weir.gateway.host;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * An event loop as a scheduler for one signal: at once where the loop is at work on it already, as
 * it mostly is, and otherwise by a task. For {@code timeout} and for the one element of a Mono; its
 * workers keep no order between an element that is run at once and one that is queued.
 */
record LoopScheduler(EventLoop loop) implements Scheduler {

  @Override
  public Disposable schedule(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return Disposables.disposed();
    }
    return cancelling(loop.submit(task));
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    ScheduledFuture<?> later = loop.schedule(task, delay, unit);
    return () -> later.cancel(false);
  }

  private static Disposable cancelling(java.util.concurrent.Future<?> queued) {
    return () -> queued.cancel(false);
  }

  @Override
  public Worker createWorker() {
    return new OneTaskWorker(this);
  }

  /** Holds nothing: its tasks are bounded by the request that they belong to. */
  private record OneTaskWorker(LoopScheduler scheduler) implements Worker {
    @Override
    public Disposable schedule(Runnable task) {
      try {
        return scheduler.schedule(task);
      } catch (RejectedExecutionException e) {
        // The loop has ended, and the request with it.
        return Disposables.disposed();
      }
    }

    @Override
    public void dispose() {
      // Nothing is held.
    }
  }
}

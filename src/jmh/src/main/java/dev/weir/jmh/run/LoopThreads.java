package dev.weir.jmh.run;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a measurement, of the kind that event loops are. On others Netty's thread locals,
 * buffers and recyclers take slower ways, which two threads at once feel more than one.
 *
 * <p>JMH makes it by its name, which is why it is public.
 */
public final class LoopThreads extends ThreadPoolExecutor {

  /** Makes so many threads, with names that begin like this. */
  public LoopThreads(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix, true));
  }
}

package dev.weir.auth.config;

import java.time.Duration;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Looks at the files of secrets once a second. Not told by the kernel: a secret of Kubernetes is
 * behind two links of which another one is exchanged, and some file systems tell nothing.
 */
final class SecretWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Disposable running;

  SecretWatch(List<SecretFile> files) {
    this.running =
        Flux.interval(EVERY, Schedulers.boundedElastic())
            .takeWhile(_ -> !files.isEmpty())
            .onBackpressureDrop()
            .subscribe(_ -> files.forEach(SecretFile::look));
  }

  @Override
  public void close() {
    running.dispose();
  }
}

package dev.weir.drills.drill;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What the cores can hash if they do nothing else: Argon2id as the auth service does by default.
 */
final class HashCeiling {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int BLOCKS = MEMORY_KIB + 4;
  private static final int BYTES = 32;
  private static final byte[] PASSWORD = "a-quiet-river-7-stones".getBytes(StandardCharsets.UTF_8);

  private HashCeiling() {}

  /** Returns hashes a second, on as many threads as there are cores. */
  static double perSecond(Duration time) throws InterruptedException {
    var done = new LongAdder();
    long begin = System.nanoTime();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(Thread.ofPlatform().start(() -> hash(begin + time.toNanos(), done)));
    }
    for (var thread : threads) {
      thread.join();
    }
    return done.sum() / ((System.nanoTime() - begin) / 1e9);
  }

  private static void hash(long end, LongAdder done) {
    var pool = new FixedBlockPool(BLOCKS);
    var out = new byte[BYTES];
    while (System.nanoTime() < end) {
      var generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(MEMORY_KIB)
              .withIterations(PASSES)
              .withParallelism(1)
              .withSalt(new byte[16])
              .withBlockPool(pool)
              .build());
      var _ = generator.generateBytes(PASSWORD, out);
      done.increment();
    }
  }
}

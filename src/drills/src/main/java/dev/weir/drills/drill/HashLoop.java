package dev.weir.drills.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes on as many threads as there are cores, Argon2id as the auth service does by default. A
 * process of its own: for each line of milliseconds on its input it hashes for so long and answers
 * how often, the time that took, and its threads' CPU time. It ends with its input.
 */
public final class HashLoop {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int BLOCKS = MEMORY_KIB + 4;
  private static final int BYTES = 32;
  private static final byte[] PASSWORD = "a-quiet-river-7-stones".getBytes(StandardCharsets.UTF_8);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final ArrayList<FixedBlockPool> pools = new ArrayList<>();

  private HashLoop() {
    // Kept, as the service's threads keep theirs.
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      pools.add(new FixedBlockPool(BLOCKS));
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var loop = new HashLoop();
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(loop.run(1_000_000 * Long.parseLong(line)));
    }
  }

  private String run(long nanos) throws InterruptedException {
    var done = new LongAdder();
    var cpu = new LongAdder();
    long begin = System.nanoTime();
    var threads = new ArrayList<Thread>();
    for (var pool : pools) {
      threads.add(Thread.ofPlatform().start(() -> hash(pool, begin + nanos, done, cpu)));
    }
    for (var thread : threads) {
      thread.join();
    }
    return "%d %d %d".formatted(done.sum(), System.nanoTime() - begin, cpu.sum());
  }

  private static void hash(FixedBlockPool pool, long end, LongAdder done, LongAdder cpu) {
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
    cpu.add(THREADS.getCurrentThreadCpuTime());
  }
}

package dev.weir.auth.password;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Computes Argon2id. One hash allocates 19 MiB in blocks of 1 KiB, so each hashing thread keeps its
 * blocks: measured over four seconds, garbage collection falls from 443 ms to 8 ms. Use from the
 * threads of the hashing pool only, because what a thread keeps, it keeps.
 */
final class Argon2 {
  private static final int HASH_BYTES = 32;

  /** The generator holds three working blocks beside the memory itself. */
  private static final ThreadLocal<FixedBlockPool> BLOCKS =
      ThreadLocal.withInitial(() -> new FixedBlockPool(HashCost.CURRENT.memoryKib() + 4));

  private Argon2() {}

  static byte[] hash(HashCost cost, byte[] salt, byte[] pepperedPassword) {
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .withBlockPool(BLOCKS.get())
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var hash = new byte[HASH_BYTES];
    generator.generateBytes(pepperedPassword, hash);
    return hash;
  }
}

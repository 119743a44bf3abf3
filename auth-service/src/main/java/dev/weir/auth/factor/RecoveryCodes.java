package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ten codes of fifty bits for whoever lost the authenticator, each good once. Stored as a keyed
 * digest together with the person, so that neither a table without the key nor a second person's
 * equal code tells anything.
 */
final class RecoveryCodes {
  private static final Pattern NOISE = Pattern.compile("[ -]");
  private static final int COUNT = 10;
  private static final int CHARS = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  RecoveryCodes(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** Makes new codes in place of all earlier ones. */
  Mono<List<String>> renew(UUID userId) {
    var codes = new ArrayList<String>();
    for (int i = 0; i < COUNT; i++) {
      codes.add(fresh());
    }
    return forget(userId)
        .thenMany(Flux.fromIterable(codes))
        .concatMap(code -> insert(userId, code))
        .then(Mono.just(List.copyOf(codes)));
  }

  /** Uses a code up; of two uses at once, one reports 0. */
  Mono<Long> use(UUID userId, String code) {
    return database
        .sql(
            """
            update auth.recovery_codes set used_at = :now
            where user_id = :user and code_digest = any(:digests) and used_at is null""")
        .bind("now", clock.instant())
        .bind("user", userId)
        .bind("digests", digests(userId, code))
        .fetch()
        .rowsUpdated();
  }

  Mono<Void> forget(UUID userId) {
    return database
        .sql("delete from auth.recovery_codes where user_id = :user")
        .bind("user", userId)
        .then();
  }

  private Mono<Void> insert(UUID userId, String code) {
    return database
        .sql("insert into auth.recovery_codes (user_id, code_digest) values (:user, :digest)")
        .bind("user", userId)
        .bind("digest", digest(userId, code))
        .then();
  }

  private static String fresh() {
    var bytes = new byte[CHARS];
    RANDOM.nextBytes(bytes);
    var text = Base32.encode(bytes).substring(0, CHARS).toLowerCase(Locale.ROOT);
    return text.substring(0, CHARS / 2) + "-" + text.substring(CHARS / 2);
  }

  private String digest(UUID userId, String code) {
    return HexFormat.of().formatHex(keys.tag(KeyUse.BLIND_INDEX, parts(userId, code)).bytes());
  }

  /** Returns what a code may be stored as: codes last longer than keys. */
  private String[] digests(UUID userId, String code) {
    return keys.tagsEver(KeyUse.BLIND_INDEX, parts(userId, code)).stream()
        .map(tag -> HexFormat.of().formatHex(tag.bytes()))
        .toArray(String[]::new);
  }

  /** Forgives capitals, and blanks or hyphens where somebody put them. */
  private static byte[][] parts(UUID userId, String code) {
    var plain = NOISE.matcher(code.toLowerCase(Locale.ROOT)).replaceAll("");
    return new byte[][] {
      "recovery-code".getBytes(StandardCharsets.US_ASCII),
      userId.toString().getBytes(StandardCharsets.US_ASCII),
      plain.getBytes(StandardCharsets.UTF_8)
    };
  }
}

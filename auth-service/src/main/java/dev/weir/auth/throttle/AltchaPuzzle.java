package dev.weir.auth.throttle;

import dev.weir.auth.exchange.Json;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.token.SeenProofs;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.regex.Pattern;
import org.altcha.altcha.Altcha;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Proof of work by ALTCHA, whose widget solves it in any browser without asking anybody else: the
 * client looks for the number that, behind our salt, has this SHA-256. What we ask for is signed,
 * so nothing of it is stored; that it was solved is.
 *
 * <p>Number and salt are digested as one text. The salt ends with a sign that no number has, and is
 * read strictly, so that nobody can move digits of the number into the end of its time
 * (CVE-2025-68113).
 */
public final class AltchaPuzzle implements Puzzle {
  private static final int SALT_BYTES = 16;
  private static final Pattern SALT = Pattern.compile("[0-9a-f]{32}\\?expires=([0-9]{10})&");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Keys keys;
  private final SeenProofs seen;
  private final InstantSource clock;
  private final int effort;

  /**
   * Sets puzzles.
   *
   * @param effort guesses that the longest one takes; half as many on average
   */
  public AltchaPuzzle(Keys keys, SeenProofs seen, InstantSource clock, int effort) {
    this.keys = keys;
    this.seen = seen;
    this.clock = clock;
    this.effort = effort;
  }

  @Override
  public Mono<String> make() {
    return Mono.fromCallable(this::challenge);
  }

  private String challenge() throws Exception {
    var random = new byte[SALT_BYTES];
    RANDOM.nextBytes(random);
    long ends = clock.instant().plus(SeenProofs.KEPT).getEpochSecond();
    var challenge =
        Altcha.createChallenge(
            new Altcha.ChallengeOptions()
                .setSalt(HexFormat.of().formatHex(random) + "?expires=" + ends + "&")
                .setNumber((long) RANDOM.nextInt(effort))
                .setMaxNumber((long) effort)
                .setHmacKey(secret()));
    var body = new LinkedHashMap<String, Object>();
    body.put("algorithm", challenge.algorithm);
    body.put("challenge", challenge.challenge);
    body.put("maxnumber", challenge.maxnumber);
    body.put("salt", challenge.salt);
    body.put("signature", challenge.signature);
    return Json.STRICT.writeValueAsString(body);
  }

  @Override
  public Mono<Boolean> isSolved(Optional<String> answer) {
    return Mono.justOrEmpty(answer.flatMap(this::solved))
        .flatMap(challenge -> seen.first("puzzle " + challenge))
        .defaultIfEmpty(false);
  }

  /** Returns the challenge that was solved, by which it is known. */
  private Optional<String> solved(String answer) {
    try {
      var json = new String(Base64.getDecoder().decode(answer), StandardCharsets.UTF_8);
      var payload = payload(Json.STRICT.readTree(json));
      return isInTime(payload.salt) && Altcha.verifySolution(payload, secret(), false)
          ? Optional.of(payload.challenge)
          : Optional.empty();
    } catch (Exception unsound) {
      // Whatever a stranger sends that is no answer is a wrong one.
      return Optional.empty();
    }
  }

  private boolean isInTime(String salt) {
    var matcher = SALT.matcher(salt);
    return matcher.matches() && Long.parseLong(matcher.group(1)) > clock.instant().getEpochSecond();
  }

  private static Altcha.Payload payload(JsonNode tree) {
    var payload = new Altcha.Payload();
    payload.algorithm = Altcha.Algorithm.SHA256.getName();
    payload.challenge = tree.path("challenge").stringValue();
    payload.number = tree.path("number").longValue();
    payload.salt = tree.path("salt").stringValue();
    payload.signature = tree.path("signature").stringValue();
    return payload;
  }

  private String secret() {
    var tag = keys.tag(KeyUse.BLIND_INDEX, "puzzle".getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(tag.bytes());
  }
}

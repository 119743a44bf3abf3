package dev.weir.drills.drill;

import dev.weir.drills.load.Asked;
import dev.weir.drills.timeline.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys that signed the tokens people were given, in the order in which they were first seen,
 * and how often a gateway took a token of each. Shared by the load's event loop and the drill:
 * locked.
 */
final class SigningKeys {
  private static final Pattern KID = Pattern.compile("\"kid\"\\s*:\\s*\"([^\"]+)\"");

  private final Map<String, Seen> keys = new LinkedHashMap<>();
  private String newest = "";
  private int turn;

  /** What was seen of a key; the token is the last that it signed. */
  private static final class Seen {
    private String token = "";
    private long taken;
    private long takenWhenOld;
  }

  /**
   * What came of it all.
   *
   * @param keys that signed a token somebody was given
   * @param taken of these, those of which a token was taken
   * @param turnedOver tokens of a key that were taken when a later one signed already
   */
  record Facts(long keys, long taken, long turnedOver) {}

  /** Hears of every access token that somebody is given. */
  synchronized void given(String token) {
    var kid = kid(token);
    if (!keys.containsKey(kid)) {
      newest = kid;
    }
    keys.computeIfAbsent(kid, _ -> new Seen()).token = token;
  }

  /** Returns a request with the last token of each key in turn. */
  synchronized Optional<Asked> next() {
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    var kids = new ArrayList<>(keys.keySet());
    var kid = kids.get(Math.floorMod(turn++, kids.size()));
    var seen = keys.getOrDefault(kid, new Seen());
    return Optional.of(new Asked(seen.token, "", (outcome, _) -> answered(kid, outcome)));
  }

  private synchronized void answered(String kid, Outcome outcome) {
    var seen = keys.get(kid);
    if (seen != null && outcome.kind() == Outcome.Kind.GOOD) {
      seen.taken++;
      seen.takenWhenOld += kid.equals(newest) ? 0 : 1;
    }
  }

  synchronized Facts facts() {
    return new Facts(
        keys.size(),
        keys.values().stream().filter(seen -> seen.taken > 0).count(),
        keys.values().stream().mapToLong(seen -> seen.takenWhenOld).sum());
  }

  /** The id that a token's head names. */
  static String kid(String token) {
    var head = Base64.getUrlDecoder().decode(token.split("\\.", 2)[0]);
    var kid = KID.matcher(new String(head, StandardCharsets.UTF_8));
    if (!kid.find()) {
      throw new IllegalArgumentException("a token that names no key");
    }
    return kid.group(1);
  }
}

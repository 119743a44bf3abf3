package dev.weir.auth.password;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.FieldFault;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Decides whether a password may be chosen: long enough for an account without a second factor, and
 * not among the first that anyone would try. No composition rules, no expiry, and nothing is cut or
 * folded before it is hashed.
 */
public final class PasswordRules {
  private static final int MIN_CODE_POINTS = 15;
  private static final int MAX_CODE_POINTS = 128;
  private static final int MIN_CONTEXT_LENGTH = 4;

  /** A shorter word is looked for as a word only: it may well be a part of an innocent one. */
  private static final int MIN_HIDDEN_LENGTH = 6;

  private static final String SERVICE_NAME = "weir";

  private final Blocklist blocklist = Blocklist.load();
  private final Set<String> contextWords;
  private final LeakedPasswords leaked;

  /**
   * Makes rules that also know the words of a deployment, such as the names of its products, and
   * whoever it asks for leaked passwords.
   */
  public PasswordRules(Set<String> contextWords, LeakedPasswords leaked) {
    this.contextWords =
        contextWords.stream()
            .map(word -> word.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.leaked = leaked;
  }

  /** Returns the first reason against this password, or nothing when it will do. */
  public Optional<WeakPassword> weakness(String password, String addressLocalPart) {
    int length = password.codePointCount(0, password.length());
    if (length < MIN_CODE_POINTS) {
      return Optional.of(WeakPassword.TOO_SHORT);
    }
    if (length > MAX_CODE_POINTS) {
      return Optional.of(WeakPassword.TOO_LONG);
    }
    var lower = password.toLowerCase(Locale.ROOT);
    if (isCommon(lower)) {
      return Optional.of(WeakPassword.COMMON);
    }
    if (unit(lower).length() <= 4 || isCounting(lower)) {
      return Optional.of(WeakPassword.REPETITIVE);
    }
    return hasContext(lower, addressLocalPart)
        ? Optional.of(WeakPassword.CONTEXT)
        : Optional.empty();
  }

  /** Refuses a password that will not do, and tells the reason at the field it came in. */
  public void require(String password, String addressLocalPart, String field) {
    weakness(password, addressLocalPart).ifPresent(weakness -> refuse(weakness, field));
  }

  /**
   * Refuses a password that is known to have leaked. Comes after the throttle, where {@link
   * #require} comes before it, because it may ask somebody else.
   */
  public Mono<Void> requireUnleaked(String password, String field) {
    return leaked
        .contains(password)
        .filter(known -> known)
        .flatMap(_ -> Mono.error(refusal(WeakPassword.LEAKED, field)));
  }

  private static void refuse(WeakPassword weakness, String field) {
    throw refusal(weakness, field);
  }

  private static Refused refusal(WeakPassword weakness, String field) {
    return Problem.of(AuthError.WEAK_PASSWORD, "The password " + weakness.reason() + ".")
        .withFaults(List.of(new FieldFault("/" + field, weakness.reason())))
        .refuse();
  }

  /**
   * Sees through the usual ways to stretch a common password: repeating it, or adding digits around
   * it.
   */
  private boolean isCommon(String lower) {
    return blocklist.contains(lower)
        || blocklist.contains(unit(lower))
        || blocklist.contains(core(lower));
  }

  private boolean hasContext(String lower, String localPart) {
    var words = Arrays.asList(lower.split("[^\\p{L}]+"));
    return words.contains(SERVICE_NAME)
        || contextWords.stream().anyMatch(word -> words.contains(word) || hides(lower, word))
        || (localPart.length() >= MIN_CONTEXT_LENGTH && lower.contains(localPart));
  }

  private static boolean hides(String lower, String word) {
    return word.length() >= MIN_HIDDEN_LENGTH && lower.contains(word);
  }

  /** Returns the shortest piece whose repetition, cut anywhere, is the whole text. */
  private static String unit(String text) {
    for (int period = 1; period <= text.length() / 2; period++) {
      if (text.startsWith(text.substring(period))) {
        return text.substring(0, period);
      }
    }
    return text;
  }

  private static String core(String text) {
    return text.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
  }

  private static boolean isCounting(String text) {
    int step = text.charAt(1) - text.charAt(0);
    if (Math.abs(step) > 1) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      int here = text.charAt(i) - text.charAt(i - 1);
      boolean wraps = here == -9 * step && Character.isDigit(text.charAt(i));
      if (here != step && !wraps) {
        return false;
      }
    }
    return true;
  }
}

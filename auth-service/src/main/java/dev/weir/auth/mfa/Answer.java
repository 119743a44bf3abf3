package dev.weir.auth.mfa;

import dev.weir.auth.exchange.Fields;
import java.util.Optional;
import java.util.regex.Pattern;

/** What somebody sends to meet a challenge: a code, or what an authenticator answered. */
record Answer(String challengeId, Optional<String> code, Optional<String> credential) {
  private static final int MAX_CREDENTIAL = 12 * 1024;

  /** What an authenticator's code looks like; no recovery code does. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]{6}");

  static Answer read(Fields fields) {
    var answer =
        new Answer(
            challengeId(fields),
            fields.optionalText("code", 32),
            fields.optionalObject("credential", MAX_CREDENTIAL));
    if (answer.code().isPresent() == answer.credential().isPresent()) {
      fields.fault("code", "is required, or else credential, and never both");
    }
    fields.end();
    return answer;
  }

  /** Tells whether it may have been guessed: six digits can, recovery codes and passkeys cannot. */
  boolean isGuessable() {
    return code.filter(text -> DIGITS.matcher(text).matches()).isPresent();
  }

  static String challengeId(Fields fields) {
    return fields.text("challenge_id", 64);
  }

  @Override
  public String toString() {
    return "Answer[hidden]";
  }
}

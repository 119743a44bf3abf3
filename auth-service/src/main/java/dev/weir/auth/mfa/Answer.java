package dev.weir.auth.mfa;

import dev.weir.auth.exchange.Fields;
import java.util.Optional;

/** What somebody sends to meet a challenge: a code, or what an authenticator answered. */
record Answer(String challengeId, Optional<String> code, Optional<String> credential) {
  private static final int MAX_CREDENTIAL = 12 * 1024;

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

  static String challengeId(Fields fields) {
    return fields.text("challenge_id", 64);
  }

  @Override
  public String toString() {
    return "Answer[hidden]";
  }
}

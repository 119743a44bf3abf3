package dev.weir.auth.session;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import java.time.Duration;

/** How sure a session is of its person, and how to ask for more (RFC 9470). */
public enum StepUp {
  AAL1("urn:x:aal1"),
  AAL2("urn:x:aal2");

  static final Duration FRESH = Duration.ofMinutes(5);

  /** The stronger of two: what its tokens say if the session is bound to a key as well. */
  static final String AAL2_DEVICE = "urn:x:aal2:device";

  private final String acr;

  StepUp(String acr) {
    this.acr = acr;
  }

  public String acr() {
    return acr;
  }

  boolean isMetBy(String presented) {
    return switch (this) {
      case AAL1 -> true;
      case AAL2 -> presented.equals(acr) || presented.equals(AAL2_DEVICE);
    };
  }

  Refused refusal() {
    var challenge =
        "Bearer realm=\"weir\", error=\"insufficient_user_authentication\", acr_values=\"%s\", max_age=%d"
            .formatted(acr, FRESH.toSeconds());
    return Problem.of(AuthError.STEP_UP_REQUIRED)
        .withHeader("WWW-Authenticate", challenge)
        .refuse();
  }
}

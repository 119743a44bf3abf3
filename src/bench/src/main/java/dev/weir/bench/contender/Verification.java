package dev.weir.bench.contender;

import dev.weir.bench.fixture.Issuer;
import dev.weir.bench.upstream.Upstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.List;

/** Looks whether a contender does the work of the mode before anything is measured. */
public final class Verification {
  private static final String ITEM = "/api/item";
  private static final String LIMITED = "/limited/item";
  private static final int LIMIT = 5;
  private static final List<String> SECURITY_FIELDS =
      List.of("strict-transport-security", "x-content-type-options");

  private final Probe probe;
  private final Issuer issuer;
  private final Mode mode;

  public Verification(Probe probe, Issuer issuer, Mode mode) {
    this.probe = probe;
    this.issuer = issuer;
    this.mode = mode;
  }

  /** Throws with the first thing that the contender does not do. */
  public void check(Contender contender)
      throws UnfitException, IOException, InterruptedException, GeneralSecurityException {
    // A subject of its own: contenders share one Redis, and may share its key names.
    var subject = "verify-" + contender.name() + "-" + mode.label();
    var good = mode.identifies() ? issuer.token(subject) : "";
    checkItem(probe.get(contender.port(), ITEM, good));
    if (mode.identifies()) {
      expect(contender, "without a token", ITEM, "", 401);
      expect(contender, "with a forged token", ITEM, issuer.forged(subject), 401);
      expect(contender, "with an expired token", ITEM, issuer.expired(subject), 401);
    }
    if (mode.throttles()) {
      checkLimit(contender, good);
    }
  }

  private void checkItem(HttpResponse<byte[]> answer) throws UnfitException {
    if (answer.statusCode() != 200 || answer.body().length != Upstream.BODY_BYTES) {
      throw new UnfitException(
          "a good request is answered with %d and %d bytes"
              .formatted(answer.statusCode(), answer.body().length));
    }
    if (mode != Mode.FULL) {
      return;
    }
    for (var field : SECURITY_FIELDS) {
      if (answer.headers().firstValue(field).isEmpty()) {
        throw new UnfitException("its answers have no " + field);
      }
    }
  }

  private void checkLimit(Contender contender, String token)
      throws UnfitException, IOException, InterruptedException {
    expect(contender, "within the limit", LIMITED, token, 200);
    for (int i = 0; i <= LIMIT; i++) {
      if (probe.status(contender.port(), LIMITED, token) == 429) {
        return;
      }
    }
    throw new UnfitException("%d requests to %s and no 429".formatted(LIMIT + 2, LIMITED));
  }

  private void expect(Contender contender, String what, String path, String token, int status)
      throws UnfitException, InterruptedException {
    int actual = probe.status(contender.port(), path, token);
    if (actual != status) {
      throw new UnfitException("%s %s it answers %d, not %d".formatted(path, what, actual, status));
    }
  }
}

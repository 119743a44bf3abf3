package dev.weir.drills.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.drills.timeline.Outcome;
import io.netty.buffer.ByteBuf;
import java.util.regex.Pattern;

/**
 * One response as it arrives: its status, and so much of the body as tells an error's code, or as
 * somebody wants of a good one.
 */
final class Answer {
  private static final int BODY_KEPT = 4_096;
  private static final int ERROR = 400;
  private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([a-z0-9-]{1,64})\"");

  private final StringBuilder body = new StringBuilder();
  private int status;
  private boolean wanted;

  /** Says whether the next answer's body is wanted, whatever its status. */
  void want(boolean body) {
    wanted = body;
  }

  void head(int code) {
    status = code;
    body.setLength(0);
  }

  void part(ByteBuf content) {
    if ((wanted || status >= ERROR) && body.length() < BODY_KEPT) {
      body.append(content.toString(UTF_8));
    }
  }

  /** So much of the body as was kept. */
  String body() {
    return body.toString();
  }

  /** What came of the request, now that the answer is whole. */
  Outcome outcome() {
    if (status < ERROR) {
      return Outcome.good(status);
    }
    var code = CODE.matcher(body);
    return code.find()
        ? Outcome.refused(status, code.group(1))
        : Outcome.failed(status + " without a code");
  }
}

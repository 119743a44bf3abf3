package dev.weir.gateway.routefile;

import dev.weir.gateway.route.KeyPart;
import java.util.Locale;
import java.util.regex.Pattern;

/** A part of a limit's key: {@code caller}, {@code header:X-Api-Key}, {@code claim:tenant}. */
record KeyPartFormat(Format<KeyPart.Plain> plain, int most) implements Format<KeyPart> {
  private static final String HEADER = "header:";
  private static final String CLAIM = "claim:";

  // token of RFC 9110 §5.6.2.
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern CLAIM_NAME = Pattern.compile("[!-~]{1,128}");

  @Override
  public String allowed() {
    return plain.allowed() + ", header:NAME, claim:NAME, or a list of 1 to " + most + " of them";
  }

  @Override
  public Reading<KeyPart> read(String text) {
    if (text.startsWith(HEADER)) {
      return header(text, text.substring(HEADER.length()));
    }
    if (text.startsWith(CLAIM)) {
      return CLAIM_NAME.matcher(text.substring(CLAIM.length())).matches()
          ? new Reading.Good<>(new KeyPart.Claim(text.substring(CLAIM.length())))
          : Reading.bad(
              "'" + TextFormat.shortened(text) + "' names no claim", "write it like claim:tenant");
    }
    return switch (plain.read(text)) {
      case Reading.Good<KeyPart.Plain>(KeyPart.Plain part) -> new Reading.Good<>(part);
      case Reading.Bad<KeyPart.Plain>(ProblemCode code, String message, String fix) ->
          new Reading.Bad<>(code, message, fix);
    };
  }

  private static Reading<KeyPart> header(String text, String name) {
    if (!FIELD_NAME.matcher(name).matches()) {
      return Reading.bad(
          "'" + TextFormat.shortened(text) + "' names no field", "write it like header:X-Api-Key");
    }
    String folded = name.toLowerCase(Locale.ROOT);
    if (folded.startsWith("x-weir-")) {
      return Reading.bad(
          "'" + text + "' is a field of the gateway's own, which no client can send",
          "write caller, or claim:NAME");
    }
    return new Reading.Good<>(new KeyPart.Header(folded));
  }
}

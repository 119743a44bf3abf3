package dev.weir.auth.account;

import dev.weir.auth.exchange.Fields;
import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address in the one form under which an account is known. Compatibility forms are folded
 * (NFKC), case is dropped, and the local part must then be ASCII: what merely looks like a Latin
 * letter cannot open a second account.
 */
public record EmailAddress(String value) {
  private static final int MAX_LENGTH = 254;
  private static final int MAX_TYPED = 320;
  private static final Pattern LOCAL =
      Pattern.compile("[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public static Optional<EmailAddress> parse(String text) {
    var folded = Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    int at = folded.lastIndexOf('@');
    if (at < 1 || at > 64 || folded.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var local = folded.substring(0, at);
    return domain(folded.substring(at + 1))
        .filter(domain -> LOCAL.matcher(local).matches())
        .map(domain -> new EmailAddress(local + "@" + domain))
        .filter(address -> address.value().length() <= MAX_LENGTH);
  }

  /** Reads an address from a body, and notes at its field what is wrong with it. */
  public static Optional<EmailAddress> read(Fields fields, String field) {
    var text = fields.text(field, MAX_TYPED);
    var email = parse(text);
    if (!text.isEmpty() && email.isEmpty()) {
      fields.fault(field, "is not an e-mail address");
    }
    return email;
  }

  public String localPart() {
    return value.substring(0, value.lastIndexOf('@'));
  }

  /** Says nothing of the address, so that no log line can hold one by accident. */
  @Override
  public String toString() {
    return "EmailAddress[hidden]";
  }

  private static Optional<String> domain(String text) {
    var rooted = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    try {
      var ascii = IDN.toASCII(rooted, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
      return Optional.of(ascii).filter(domain -> DOMAIN.matcher(domain).matches());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

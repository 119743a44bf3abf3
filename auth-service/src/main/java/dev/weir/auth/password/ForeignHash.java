package dev.weir.auth.password;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hash that another system made, without our pepper: passwords are checked against it until their
 * holder's next login, and none is ever made here. The forms are those of crypt(3), PHC, passlib,
 * Django and Firebase. What one check may cost is bounded when the hash is read, because an
 * imported file is not to be trusted with heap or cores.
 *
 * <p>The password is taken as it was typed. bcrypt reads 72 bytes of it and no more, here as there.
 */
sealed interface ForeignHash permits ArgonHash, BcryptHash, FirebaseHash, Pbkdf2Hash, ScryptHash {
  /** The most that any of them asks for. */
  long MOST_MEMORY = 128L << 20;

  boolean matches(byte[] password);

  /** Returns how many bytes a check takes of the heap while it runs, as far as it matters. */
  long memory();

  static ForeignHash stored(String hash) {
    return parse(hash)
        .orElseThrow(() -> new IllegalStateException("a stored hash is of no kind that is known"));
  }

  default boolean matches(String password) {
    return matches(password.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns nothing for a hash that is of no known kind, or that would cost too much to check. */
  static Optional<ForeignHash> parse(String text) {
    return Stream.<Form>of(
            new Form(BcryptHash.FORM, BcryptHash::of),
            new Form(ArgonHash.FORM, ArgonHash::of),
            new Form(ScryptHash.FORM, ScryptHash::of),
            new Form(FirebaseHash.FORM, FirebaseHash::of),
            new Form(Pbkdf2Hash.PHC, Pbkdf2Hash::of),
            new Form(Pbkdf2Hash.PASSLIB, Pbkdf2Hash::of),
            new Form(Pbkdf2Hash.DJANGO, Pbkdf2Hash::ofDjango))
        .flatMap(form -> form.read(text).stream())
        .findFirst();
  }

  /** One way to write a hash, and how it is read; a value out of bounds is no hash. */
  record Form(Pattern pattern, Function<Matcher, Optional<ForeignHash>> reader) {
    Optional<ForeignHash> read(String text) {
      var matcher = pattern.matcher(text);
      try {
        return matcher.matches() ? reader.apply(matcher) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /** Both alphabets that are about for salts and hashes: passlib writes a dot for a plus. */
  static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64.replace('.', '+'));
  }

  static Optional<ForeignHash> within(boolean bounds, ForeignHash hash) {
    return bounds ? Optional.of(hash) : Optional.empty();
  }
}

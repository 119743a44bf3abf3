package dev.weir.auth.config;

/** A password, as it is now. */
public sealed interface Secret permits Secret.Written, SecretFile {
  /** Asked for anew by whoever opens a connection; never blocks. */
  String text();

  /** One that stands in a variable, and so stays until the process ends. */
  record Written(String text) implements Secret {
    @Override
    public String toString() {
      return "Secret[hidden]";
    }
  }
}

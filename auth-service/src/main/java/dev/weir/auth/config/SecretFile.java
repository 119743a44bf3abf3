package dev.weir.auth.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A password in a file, which the agent of a vault, or a person, may write anew at any time. A file
 * that is gone, empty, unreadable or open to others changes nothing: what was read last is good
 * until there is something better.
 */
final class SecretFile implements Secret {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);

  private final Setting setting;
  private final Path path;

  /**
   * Written by the one that {@link SecretWatch looks}, read by any that opens a connection: always
   * a whole password, the old or the new.
   */
  private final AtomicReference<String> held;

  /** Of the one that looks alone: whether it has said already that the file is of no use. */
  private boolean complained;

  private SecretFile(Setting setting, Path path, String held) {
    this.setting = setting;
    this.path = path;
    this.held = new AtomicReference<>(held);
  }

  /** Reads it for the first time; here one that is of no use refuses the start. */
  static SecretFile open(Setting setting, Path path) {
    var text = PrivateFile.read(setting, path, "write the password into it");
    if (text.isEmpty()) {
      throw new StartRefused(
          setting.variable() + " names " + path + ", which is empty", "write the password into it");
    }
    return new SecretFile(setting, path, text);
  }

  @Override
  public String text() {
    return held.get();
  }

  /** Takes what the file holds now; blocks. A pipe is not opened: that waits for who writes. */
  void look() {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new IOException("it is no file");
      }
      var text = PrivateFile.content(path);
      if (text.isEmpty()) {
        throw new IOException("it is empty");
      }
      complained = false;
      if (!held.getAndSet(text).equals(text)) {
        LOG.atInfo().addKeyValue("setting", setting.variable()).log("secret changed");
      }
    } catch (IOException | RuntimeException e) {
      // Whatever it is, the others are still to be looked at, and this one a second later.
      complain(e);
    }
  }

  private void complain(Exception cause) {
    if (!complained) {
      LOG.atWarn()
          .addKeyValue("setting", setting.variable())
          .addKeyValue("cause", cause.toString())
          .log("secret unreadable: the last one stays");
    }
    complained = true;
  }

  @Override
  public String toString() {
    return "Secret[" + path + "]";
  }
}

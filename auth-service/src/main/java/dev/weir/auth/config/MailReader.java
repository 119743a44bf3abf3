package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.MailSettings;
import dev.weir.auth.mail.StartTls;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Reads where mails go, and as whom to come there. */
record MailReader(SettingTexts texts) {
  MailSettings read() {
    var server = server();
    return new MailSettings(server, login(server), startTls(server), from());
  }

  private URI server() {
    return texts.text(Setting.MAIL_SMTP_URI).startsWith("file:///")
        ? texts.parsed(Setting.MAIL_SMTP_URI, URI::create, "file:///FOLDER")
        : texts.uri(Setting.MAIL_SMTP_URI, Set.of("smtp", "smtps"), "smtp://host:25");
  }

  private Optional<Login> login(URI server) {
    return texts
        .login(Setting.MAIL_SMTP_URI, server, Setting.MAIL_PASSWORD_FILE)
        .or(() -> Optional.ofNullable(server.getUserInfo()).map(MailReader::written));
  }

  private static Login written(String userInfo) {
    var parts = userInfo.split(":", 2);
    return new Login(parts[0], new Secret.Written(parts.length > 1 ? parts[1] : ""));
  }

  /** A mail with a code in it goes over a network in the open only where somebody says so. */
  private StartTls startTls(URI server) {
    return switch (texts.required(Setting.MAIL_STARTTLS)) {
      case "auto" ->
          ThisMachine.is(String.valueOf(server.getHost())) ? StartTls.OFFERED : StartTls.REQUIRED;
      case "required" -> StartTls.REQUIRED;
      case "offered" -> StartTls.OFFERED;
      default -> throw texts.unfit(Setting.MAIL_STARTTLS, "auto, required or offered");
    };
  }

  private String from() {
    if (!texts.required(Setting.MAIL_FROM).matches("[^\\s@]+@[^\\s@]+")) {
      throw texts.unfit(Setting.MAIL_FROM, "an address such as weir@example.com");
    }
    return texts.text(Setting.MAIL_FROM);
  }
}

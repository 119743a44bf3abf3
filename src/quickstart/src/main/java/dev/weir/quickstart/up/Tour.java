package dev.weir.quickstart.up;

import java.nio.file.Path;

/** The text a person reads once everything runs. Each command works when pasted as it stands. */
record Tour(Settings settings, Path routes, Path authority) {
  String text() {
    var edge = "https://localhost:" + port(PortSetting.EDGE);
    var curl = "curl --cacert " + shortest(authority);
    return """
        weir: ready

          edge          %1$s   (http://localhost:%2$d redirects)
          routes        %3$s   (edit and save: applied at once; ./weir check FILE tells what is wrong)
          management    http://127.0.0.1:%4$d/routes   /readyz   /metrics
          auth metrics  http://127.0.0.1:%5$d/metrics
          logs          %6$s
          certificate   %7$s

        try:
          %8$s %1$s/auth/register -H 'Content-Type: application/json' -d '{"email":"ada@example.com","password":"a-quiet-river-7-stones"}'
          TOKEN=$(%8$s -s %1$s/auth/login -H 'Content-Type: application/json' -d '{"email":"ada@example.com","password":"a-quiet-river-7-stones"}' | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')
          %8$s %1$s/api/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"item":"a boat","quantity":1}'
          %8$s -i %1$s/api/orders
          %8$s --http2 %1$s/public/echo

        Ctrl-C ends everything.
        """
        .formatted(
            edge,
            port(PortSetting.REDIRECT),
            shortest(routes),
            port(PortSetting.MANAGEMENT),
            port(PortSetting.AUTH_MANAGEMENT),
            shortest(settings.state().resolve("logs")),
            shortest(authority),
            curl);
  }

  private int port(PortSetting setting) {
    return settings.ports().get(setting);
  }

  private static String shortest(Path path) {
    var here = Path.of("").toAbsolutePath();
    var text = path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    return text.contains(" ") ? "'" + text + "'" : text;
  }
}

package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.ClaimNames;
import dev.weir.gateway.route.ClaimPath;
import dev.weir.gateway.route.Dialect;
import dev.weir.gateway.route.EjectionPolicy;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Found;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.KeyPlace;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Namespace;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Source;
import dev.weir.gateway.route.StepUp;
import dev.weir.gateway.route.Upstream;
import dev.weir.gateway.routefile.RouteFile.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFileTest {
  @TempDir Path folder;

  @Test
  void givesEveryAbsentKeyItsDefault() {
    RouteTable table = table(SoundFile.TEXT);

    assertThat(table.upstreams())
        .containsExactly(
            new Upstream(
                "orders",
                List.of(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9101)),
                Duration.ofMillis(500),
                512,
                Duration.ofSeconds(20),
                BreakerPolicy.STANDARD));
    assertThat(table.issuers())
        .containsExactly(
            new Issuer(
                "weir",
                "https://localhost:8443/auth",
                URI.create("http://127.0.0.1:8090/.well-known/jwks.json"),
                "weir-api",
                Set.of("RS256"),
                Duration.ofSeconds(30)));
    assertThat(table.limits())
        .containsExactly(
            limit("per-address", Limit.Key.ADDRESS, 100),
            limit("per-caller", Limit.Key.CALLER, 50));
    Route route = table.routes().getFirst();
    assertThat(route.source()).isEqualTo(new Source(14, 5));
    assertThat(route.priority().usual()).isEqualTo(Priority.NORMAL);
    assertThat(route.authentication())
        .isEqualTo(new Authentication.Jwt(table.issuers().getFirst(), Set.of(), Set.of()));
    assertThat(route.limits()).isEqualTo(table.limits());
    assertThat(route.deadline()).isEqualTo(Duration.ofSeconds(15));
    assertThat(route.attemptTimeout()).isEqualTo(route.deadline());
    assertThat(route.retry()).isEqualTo(RetryPolicy.NEVER);
    assertThat(route.maxBodyBytes()).isEqualTo(1 << 20);
    assertThat(route.stripPrefix()).isEmpty();
    assertThat(route.filters()).isEmpty();
    assertThat(route.match().methods()).isEmpty();
    assertThat(route.match().host()).isEmpty();
  }

  @Test
  void takesWhatIsWritten() {
    RouteTable table =
        table(
            SoundFile.with(
                18,
                """
                    limits: [per-caller, per-address]
                    priority: critical
                    strip-prefix: /api
                    deadline: 2s
                    attempt-timeout: 500ms
                    retry: { attempts: 2, on: [connect, 503] }
                    max-body: 64KiB
                    filters: ["AddResponseHeader=X-Hello, world"]\
                """));

    Route route = table.routes().getFirst();
    assertThat(route.limits()).extracting(Limit::name).containsExactly("per-caller", "per-address");
    assertThat(route.priority().usual()).isEqualTo(Priority.CRITICAL);
    assertThat(route.stripPrefix()).isEqualTo("/api");
    assertThat(route.deadline()).isEqualTo(Duration.ofSeconds(2));
    assertThat(route.attemptTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(route.retry())
        .isEqualTo(
            new RetryPolicy(2, Set.of(RetryPolicy.Cause.CONNECT, RetryPolicy.Cause.STATUS_503)));
    assertThat(route.maxBodyBytes()).isEqualTo(64 << 10);
    assertThat(route.filters()).containsExactly("AddResponseHeader=X-Hello, world");
    assertThat(route.extended()).isTrue();
  }

  @Test
  void readsAPriorityByClaim() {
    RouteTable table =
        table(
            SoundFile.with(
                18,
                "    priority: { claim: plan, critical: [gold], low: [free, trial], otherwise: high }"));

    assertThat(table.routes().getFirst().priority())
        .isEqualTo(
            new PriorityRule(
                Priority.HIGH,
                "plan",
                Map.of("gold", Priority.CRITICAL, "free", Priority.LOW, "trial", Priority.LOW)));
  }

  @Test
  void readsTheUnionOfHostMethodsRolesAndBreaker() {
    RouteTable table =
        table(
            SoundFile.TEXT
                .replace(
                    "{ path: \"/api/orders/**\" }",
                    "{ host: a.example.com, path: \"/o/{id}/**\", methods: [GET, POST] }")
                .replace(
                    "{ issuer: weir }",
                    "{ issuer: weir, roles: [a, b], scopes: [o:r], acr: [urn:x:aal2], max-age: 5m }")
                .replace(
                    "9101]",
                    "9101]\n    breaker: { failure-ratio: 0.25, window: 8, open-for: 1m, slow-call: 2s }"));

    Route route = table.routes().getFirst();
    assertThat(route.match().host()).contains("a.example.com");
    assertThat(route.match().methods()).containsExactlyInAnyOrder("GET", "POST");
    assertThat(table.find("a.example.com", "HEAD", "/o/7/x")).isInstanceOf(Found.Hit.class);
    assertThat(route.authentication())
        .isEqualTo(
            new Authentication.Jwt(
                table.issuers().getFirst(),
                Set.of("a", "b"),
                Set.of("o:r"),
                new StepUp(Set.of("urn:x:aal2"), Optional.of(Duration.ofMinutes(5)))));
    assertThat(route.upstream().breaker())
        .isEqualTo(
            new BreakerPolicy(
                0.25, 8, 8, Duration.ofMinutes(1), 3, Optional.of(Duration.ofSeconds(2))));
  }

  @Test
  void readsWaysToBalance() {
    assertThat(balance("round-robin")).isEqualTo(new Balance.RoundRobin());
    assertThat(balance("least-requests")).isEqualTo(new Balance.LeastRequests());
    assertThat(balance("{ hash: \"header:X-Tenant\" }"))
        .isEqualTo(new Balance.Hash(new Balance.HashKey.Header("x-tenant")));
    assertThat(balance("{ hash: \"cookie:Sid\" }"))
        .isEqualTo(new Balance.Hash(new Balance.HashKey.Cookie("Sid")));
    assertThat(balance("{ hash: path }")).isEqualTo(new Balance.Hash(new Balance.HashKey.Path()));
  }

  private static Balance balance(String written) {
    return table(SoundFile.TEXT.replace("9101]", "9101]\n    balance: " + written))
        .upstreams()
        .getFirst()
        .selection()
        .balance();
  }

  @Test
  void readsHealthChecks() {
    assertThat(health("{ path: /healthz }"))
        .contains(new HealthCheck("/healthz", Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 2));
    assertThat(
            health(
                "{ path: /up, interval: 500ms, timeout: 200ms, unhealthy-after: 1, healthy-after: 4 }"))
        .contains(new HealthCheck("/up", Duration.ofMillis(500), Duration.ofMillis(200), 1, 4));
    // The default keeps within an interval that is shorter.
    assertThat(health("{ path: /up, interval: 500ms }"))
        .map(HealthCheck::timeout)
        .contains(Duration.ofMillis(500));
  }

  private static Optional<HealthCheck> health(String written) {
    return table(SoundFile.TEXT.replace("9101]", "9101]\n    health: " + written))
        .upstreams()
        .getFirst()
        .selection()
        .health();
  }

  @Test
  void readsEjectionAndSlowStart() {
    Selection selection =
        table(
                SoundFile.TEXT.replace(
                    "9101]",
                    "9101]\n    ejection: { consecutive-failures: 3, eject-for: 6m }\n    slow-start: 0s"))
            .upstreams()
            .getFirst()
            .selection();

    // The longest time is kept above the first.
    assertThat(selection.ejection())
        .isEqualTo(new EjectionPolicy(3, Duration.ofMinutes(6), Duration.ofMinutes(6), 0.5));
    assertThat(selection.slowStart()).isZero();
  }

  @Test
  void readsAServiceInPlaceOfEndpoints() {
    Upstream upstream =
        table(
                SoundFile.TEXT.replace(
                    "endpoints: [http://127.0.0.1:9101]", "srv: _https._tcp.orders.test"))
            .upstreams()
            .getFirst();

    assertThat(upstream.endpoints()).isEmpty();
    assertThat(upstream.service()).contains(new Service("_https._tcp.orders.test"));
    assertThat(upstream.service()).map(Service::scheme).contains(Endpoint.Scheme.HTTPS);
  }

  @Test
  void refusesFiltersBeforeAService() {
    String text =
        SoundFile.TEXT
            .replace("endpoints: [http://127.0.0.1:9101]", "srv: _http._tcp.orders.test")
            .concat("    filters: [PreserveHostHeader]\n");

    assertThat(problems(RouteFile.parse("routes.yaml", text)))
        .extracting(p -> p.line() + ":" + p.column() + " " + p.code().code())
        .containsExactly("19:5 filters-without-endpoints");
  }

  @Test
  void refusesWhatGoesOverHttp1BeforeAnUpstreamOfHttp2() {
    String http2 = SoundFile.with(12, "    endpoints: [http://127.0.0.1:9101]\n    protocol: h2c");

    assertThat(table(http2).upstreams().getFirst().pool().protocol()).isEqualTo(Protocol.H2C);
    for (String key : List.of("filters: [PreserveHostHeader]", "max-websockets: 5")) {
      assertThat(problems(RouteFile.parse("routes.yaml", http2 + "    " + key + "\n")))
          .extracting(p -> p.line() + ":" + p.column() + " " + p.message())
          .singleElement(STRING)
          .startsWith("20:5 " + key.substring(0, key.indexOf(':')) + " goes over HTTP/1.1");
    }
  }

  @Test
  void warnsOfAHashOfCallersWhereThereIsNone() {
    String text =
        SoundFile.TEXT
            .replace("9101]", "9101]\n    balance: { hash: caller }")
            .concat("  - { id: open, match: { path: /x }, upstream: orders, auth: none }\n");

    assertThat(problems(RouteFile.parse("routes.yaml", text)))
        .extracting(p -> p.line() + ":" + p.column() + " " + p.code().code())
        .containsExactly("20:38 hash-without-caller");
  }

  @Test
  void readsEveryKindOfKey() {
    String text =
        SoundFile.TEXT.replace(
            "  per-caller: { key: caller, rate: 50/1s }",
            """
              per-caller: { key: [claim:tenant, route], rate: 50/1s }
              per-key: { key: header:X-Api-Key, rate: 1/1s, ipv6-prefix: 48, ipv4-prefix: 24 }\
            """);
    List<Limit> limits = table(text).limits();

    assertThat(limits.get(1).key())
        .isEqualTo(Limit.Key.of(new KeyPart.Claim("tenant"), KeyPart.Plain.ROUTE));
    assertThat(limits.get(2).key())
        .isEqualTo(new Limit.Key(List.of(new KeyPart.Header("x-api-key")), 24, 48));
  }

  @Test
  void asksForACallerWhereAPartOfAKeyNeedsOne() {
    String text =
        SoundFile.TEXT
            .replace("auth: { issuer: weir }", "auth: none")
            .replace("key: caller", "key: [route, claim:tenant]");

    assertThat(only(RouteFile.parse("routes.yaml", text)))
        .startsWith("routes.yaml:18:27: error: limit 'per-caller' is kept per caller, token or");
    assertThat(table(text.replace("claim:tenant", "header:tenant")).limits()).hasSize(2);
  }

  @Test
  void namesEveryMistakeOfAFileAtOnceInItsOrder() {
    String text =
        """
        version: 1
        limits:
          burst: { key: adress, rate: 100 }
        upstreams:
          orders:
            endpoints: [http://127.0.0.1]
        routes:
          - id: orders
            match: { path: /api//orders }
            upstrem: orders
            deadline: 5
          - id: orders
            match: { path: /x }
            upstream: orders
            auth: none
            limits: [brust]
        """;

    assertThat(problems(RouteFile.parse("routes.yaml", text)))
        .extracting(p -> p.line() + ":" + p.column() + " " + p.code().code())
        .containsExactly(
            "3:17 bad-value",
            "3:31 unit-missing",
            "6:17 bad-value",
            "8:5 missing-key",
            "9:20 bad-value",
            "10:5 unknown-key",
            "11:15 unit-missing",
            "12:9 duplicate-id",
            "16:14 unknown-name");
  }

  @Test
  void namesTheRevisionAfterTheBytes() {
    // The first 12 digits of what sha256sum says of the text.
    assertThat(table(SoundFile.TEXT).revision()).isEqualTo(SoundFile.REVISION);
    assertThat(table(SoundFile.TEXT + "# same\n").revision()).isNotEqualTo(SoundFile.REVISION);
  }

  @Test
  void takesTenThousandRoutesQuickly() {
    StringBuilder text = new StringBuilder(SoundFile.TEXT);
    for (int i = 0; i < 9_999; i++) {
      text.append(
          """
            - id: route-%d
              match: { path: "/api/service-%d/{id}/**", methods: [GET, POST] }
              upstream: orders
              auth: { issuer: weir, roles: [customer] }
              limits: [per-address, per-caller]
              deadline: 2s
          """
              .formatted(i, i));
    }
    long started = System.nanoTime();
    RouteTable table = table(text.toString());
    Duration elapsed = Duration.ofNanos(System.nanoTime() - started);

    assertThat(table.routes()).hasSize(10_000);
    assertThat(table.find("", "GET", "/api/service-9998/1/x"))
        .isInstanceOfSatisfying(
            Found.Hit.class, hit -> assertThat(hit.route().id()).isEqualTo("route-9998"));
    // A cold JVM on a busy core needs about a second; ten mean that something is quadratic.
    assertThat(elapsed).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void saysQuicklyThatTenThousandNamesAreWrong() {
    StringBuilder text = new StringBuilder("version: 1\nupstreams:\n");
    for (int i = 0; i < 10_000; i++) {
      text.append("  service-%05d: { endpoints: [http://h:1] }\n".formatted(i));
    }
    text.append("routes:\n");
    for (int i = 0; i < 10_000; i++) {
      text.append(
          "  - { id: r%d, match: { path: /r%d }, upstream: sevrice-%05d, auth: none }\n"
              .formatted(i, i, i));
    }
    long started = System.nanoTime();
    List<Problem> problems = problems(RouteFile.parse("routes.yaml", text.toString()));

    assertThat(problems).hasSize(1_001);
    assertThat(problems.getFirst().fix()).isEqualTo("did you mean 'service-00000'?");
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void sharesBlocksThroughAliases() {
    String text =
        SoundFile.TEXT
            .replace(
                "auth: { issuer: weir }", "auth: &customers { issuer: weir, roles: [customer] }")
            .concat("  - { id: two, match: { path: /x }, upstream: orders, auth: *customers }\n");

    List<Route> routes = table(text).routes();
    assertThat(routes.get(1).authentication()).isEqualTo(routes.get(0).authentication());
  }

  @Test
  void saysOnceWhatAnAliasRepeats() {
    String text =
        SoundFile.TEXT
            .replace("auth: { issuer: weir }", "auth: &customers { issuer: weir, roles: [x y] }")
            .concat("  - { id: two, match: { path: /x }, upstream: orders, auth: *customers }\n");

    assertThat(problems(RouteFile.parse("routes.yaml", text)))
        .extracting(p -> p.line() + ":" + p.column() + " " + p.code().code())
        .containsExactly("17:46 bad-value");
  }

  @Test
  void refusesAliasesThatUnfoldWithoutEnd() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ",
                      List.of(alias, alias, alias, alias, alias, alias, alias, alias, alias))));
    }
    assertThat(problems(RouteFile.parse("routes.yaml", bomb.toString())))
        .singleElement()
        .extracting(Problem::code, Problem::line)
        .containsExactly(ProblemCode.TOO_COMPLEX, 1);
  }

  @Test
  void listsAThousandProblemsAndCountsTheRest() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_500; i++) {
      text.append("x").append(i).append(": 1\n");
    }
    List<Problem> problems = problems(RouteFile.parse("routes.yaml", text.toString()));

    assertThat(problems).hasSize(1_001);
    assertThat(problems.getLast().code()).isEqualTo(ProblemCode.TOO_MANY_PROBLEMS);
    assertThat(problems.getLast().message()).isEqualTo("503 more problems are not shown");
  }

  @Test
  void refusesBytesThatAreNoText() {
    byte[] latin = "version: 1\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(only(RouteFile.parse("routes.yaml", latin)))
        .isEqualTo(
            "routes.yaml:2:6: error: byte 0xE9 is not UTF-8; allowed: UTF-8 text; save the file as UTF-8 [not-utf8]");
    byte[] cut = {'v', (byte) 0xc3};
    assertThat(only(RouteFile.parse("routes.yaml", cut)))
        .startsWith("routes.yaml:1:2: error: byte 0xC3");
    assertThat(only(RouteFile.parse("routes.yaml", "version: 1\n\u0000")))
        .isEqualTo(
            "routes.yaml:2:1: error: character U+0000 is not printable; allowed: printable text; remove it [bad-character]");
  }

  @Test
  void takesAByteOrderMarkAndForeignLineEnds() {
    assertThat(table("\uFEFF" + SoundFile.TEXT.replace("\n", "\r\n")).routes()).hasSize(1);
  }

  @Test
  void refusesAFileWithoutContent() {
    String expected =
        "routes.yaml:1:1: error: the file is empty; allowed: a mapping with the keys version, issuers, limits, upstreams, routes; start with version: 1 [empty-file]";
    for (String empty : List.of("", "\n\n", "# nothing yet\n", "---\n", "~\n")) {
      assertThat(only(RouteFile.parse("routes.yaml", empty))).isEqualTo(expected);
    }
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    Path file = folder.resolve("routes.yaml");
    Files.writeString(file, "#".repeat((4 << 20) + 1));

    assertThat(only(RouteFile.read(file)))
        .endsWith(
            "routes.yaml:1:1: error: the file has more than 4194304 bytes; allowed: at most 4MiB; share what repeats through anchors, or serve fewer routes per gateway [file-too-large]");
  }

  @Test
  void saysWhyAFileCannotBeRead() {
    assertThat(only(RouteFile.read(folder.resolve("none.yaml"))))
        .contains("none.yaml:1:1: error: the file cannot be read: there is no such file;")
        .endsWith("[unreadable-file]");
    assertThat(only(RouteFile.read(folder))).contains("it is a directory");
  }

  @Test
  void readsAFile() throws IOException {
    Path file = folder.resolve("routes.yaml");
    Files.writeString(file, SoundFile.TEXT);

    assertThat(RouteFile.read(file))
        .isInstanceOfSatisfying(
            Outcome.Compiled.class,
            compiled -> {
              assertThat(compiled.table().revision()).isEqualTo(SoundFile.REVISION);
              assertThat(compiled.warnings()).isEmpty();
            });
  }

  private static Limit limit(String name, Limit.Key key, long tokens) {
    return new Limit(name, key, tokens, Duration.ofSeconds(1), tokens, Limit.OnRedisLoss.LOCAL);
  }

  private static RouteTable table(String text) {
    return switch (RouteFile.parse("routes.yaml", text)) {
      case Outcome.Compiled(RouteTable table, var ignored) -> table;
      case Outcome.Broken(List<Problem> problems) ->
          throw new AssertionError(problems.stream().map(Problem::text).toList());
    };
  }

  private static List<Problem> problems(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Compiled(var ignored, List<Problem> warnings) -> warnings;
      case Outcome.Broken(List<Problem> all) -> all;
    };
  }

  private static String only(Outcome outcome) {
    assertThat(problems(outcome)).hasSize(1);
    return problems(outcome).getFirst().text();
  }

  @Test
  void readsAnotherProviderWholeAndKeepsTheFirstOneOutOfItsNamespace() {
    RouteTable table =
        table(
            SoundFile.with(
                6,
                """
                    audience: weir-api
                  partner:
                    issuer: https://id.partner.example
                    discovery: https://id.partner.example/.well-known/openid-configuration
                    audience: weir-api
                    other-audiences: [account]
                    algorithms: [ES256]
                    types: [jwt, none]
                    namespace: partner
                    claims: { subject: oid, session: /s/id, id: uti, roles: /realm~1x/~0r, scope: scp,
                      acr: acrs, tenant: tid }\
                """));

    assertThat(table.issuers().get(0).dialect())
        .isEqualTo(Dialect.STANDARD.in(new Namespace("", Set.of("partner:"))));
    assertThat(table.issuers().get(1))
        .isEqualTo(
            new Issuer(
                "partner",
                "https://id.partner.example",
                new KeyPlace.Metadata(
                    URI.create("https://id.partner.example/.well-known/openid-configuration"),
                    "https://id.partner.example"),
                "weir-api",
                Set.of("ES256"),
                Duration.ofSeconds(30),
                new Dialect(
                    Set.of("jwt", ""),
                    Set.of("account"),
                    new ClaimNames(
                        ClaimPath.name("oid"),
                        new ClaimPath(List.of("s", "id")),
                        ClaimPath.name("uti"),
                        Optional.of(new ClaimPath(List.of("realm/x", "~r"))),
                        ClaimPath.name("scp"),
                        ClaimPath.name("acrs"),
                        Optional.of(ClaimPath.name("tid"))),
                    Namespace.named("partner"))));
  }

  @Test
  void countsNoRolesOfAnotherProviderUnlessTheFileSaysWhichTheyAre() {
    RouteTable table = table(SoundFile.with(6, "    audience: weir-api\n    namespace: partner"));
    assertThat(table.issuers().getFirst().dialect().names().roles()).isEmpty();
  }

  @Test
  void takesSeveralIssuersOfARouteUnlessTheyAreTheSameProvider() {
    String second =
        "    audience: weir-api\n  more: { issuer: \"%s\", jwks: \"https://b/\", audience: b%s }";
    String both = SoundFile.TEXT.replace("{ issuer: weir }", "{ issuer: [weir, more] }");
    String file = both.replace("    audience: weir-api", second);

    RouteTable table = table(file.formatted("https://b", ", namespace: more"));
    assertThat(table.routes().getFirst().authentication())
        .isEqualTo(new Authentication.Jwt(table.issuers(), Set.of(), Set.of(), StepUp.NONE));

    assertThat(RouteFile.parse("routes.yaml", file.formatted("https://localhost:8443/auth", "")))
        .isInstanceOfSatisfying(
            Outcome.Broken.class,
            broken ->
                assertThat(broken.problems())
                    .singleElement()
                    .satisfies(
                        problem ->
                            assertThat(problem.text())
                                .startsWith("routes.yaml:18:28: ")
                                .contains("has the iss of another one", "[duplicate-item]")));
  }
}

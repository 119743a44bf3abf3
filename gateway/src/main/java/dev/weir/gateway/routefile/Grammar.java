package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.ClaimPath;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The scalars of a route file, each with its bounds. The one place where a bound is written. */
final class Grammar {
  static final int MOST_ISSUERS = 64;
  static final int MOST_ISSUERS_OF_A_ROUTE = 4;
  static final int MOST_LIMITS = 1_000;
  static final int MOST_UPSTREAMS = 10_000;
  static final int MOST_ROUTES = 20_000;
  static final int MOST_ENDPOINTS = 64;
  static final int MOST_LIMITS_OF_A_ROUTE = 8;
  static final int MOST_KEY_PARTS = 4;
  static final int MOST_FILTERS = 32;
  static final int MOST_WORDS = 32;
  private static final int MOST_TOKENS = 1_000_000_000;

  static final Format<Integer> VERSION = new ChoiceFormat<>(Map.of("1", 1));
  static final Format<String> NAME =
      new TextFormat(
          "a name",
          Pattern.compile("[a-z0-9-]{1,64}"),
          "1 to 64 lower-case letters, digits and -",
          "write it like orders-admin");
  static final Format<String> IDENTIFIER =
      new TextFormat(
          "an identifier",
          Pattern.compile("[!-~]{1,512}"),
          "1 to 512 printable ASCII characters without a space",
          "write exactly what the issuer writes into its tokens");
  static final Format<String> ROLE =
      new TextFormat(
          "a role",
          Pattern.compile("[A-Za-z0-9._:-]{1,64}"),
          "1 to 64 letters, digits, '.', '_', ':' and '-'",
          "write one role per item");
  // scope-token of RFC 6749 §3.3.
  static final Format<String> SCOPE =
      new TextFormat(
          "a scope",
          Pattern.compile("[!#-\\[\\]-~]{1,128}"),
          "1 to 128 printable ASCII characters but space, quote and backslash",
          "write one scope per item");
  static final Format<String> ALGORITHM = new AlgorithmFormat();
  static final Format<ClaimPath> CLAIM_PATH = new ClaimFormat();
  static final Format<String> TOKEN_TYPE =
      new TextFormat(
          "a token type",
          Pattern.compile("[a-z0-9+.-]{1,64}"),
          "1 to 64 of a-z, 0-9, '+', '.' and '-', without application/; none where tokens have no"
              + " typ",
          "write it like at+jwt");
  static final Format<URI> URL = new UrlFormat();
  static final Format<Endpoint> ENDPOINT = new EndpointFormat();
  static final Format<String> HOST = new HostFormat();
  static final Format<PathPattern> PATH = new PathFormat();
  static final Format<PathPattern> PREFIX = new PrefixFormat();
  static final Format<String> FILTER = new FilterFormat();
  static final Format<String> METHOD =
      new ChoiceFormat<>(
          words(
              List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
              Function.identity()));
  static final Format<Priority> PRIORITY =
      new ChoiceFormat<>(words(Arrays.asList(Priority.values()), Priority::label));
  static final Format<String> CLAIM_NAME =
      new TextFormat(
          "the name of a claim",
          Pattern.compile("[!-~]{1,128}"),
          "1 to 128 printable ASCII characters without a space",
          "write it like plan");
  static final Format<String> CLAIM_VALUE =
      new TextFormat(
          "a claim's value",
          Pattern.compile("[ -~]{1,128}"),
          "1 to 128 printable ASCII characters",
          "write exactly what the issuer writes into its tokens");
  static final Format<BrownOut> BROWN_OUT =
      new ChoiceFormat<>(words(Arrays.asList(BrownOut.values()), BrownOut::label));
  static final Format<KeyPart.Plain> PLAIN_KEY =
      new ChoiceFormat<>(words(Arrays.asList(KeyPart.Plain.values()), KeyPart::text));
  static final Format<KeyPart> KEY_PART = new KeyPartFormat(PLAIN_KEY, MOST_KEY_PARTS);
  static final Format<String> COST_FROM = new ReportFormat();
  static final Format<Integer> COST = new NumberFormat(1, Cost.MOST);
  static final Format<Integer> IPV4_PREFIX = new NumberFormat(8, 32);
  static final Format<Integer> IPV6_PREFIX = new NumberFormat(16, 128);
  static final Format<Limit.Mode> MODE =
      new ChoiceFormat<>(words(Arrays.asList(Limit.Mode.values()), Grammar::lowerCase));
  static final Format<Concurrency.Mode> CONCURRENCY =
      new ChoiceFormat<>(words(Arrays.asList(Concurrency.Mode.values()), Grammar::lowerCase));
  static final Format<Boolean> YES_OR_NO =
      new ChoiceFormat<>(words(List.of(true, false), String::valueOf));
  static final Format<Limit.OnRedisLoss> ON_REDIS_LOSS =
      new ChoiceFormat<>(words(Arrays.asList(Limit.OnRedisLoss.values()), Grammar::lowerCase));
  static final Format<RetryPolicy.Cause> CAUSE =
      new ChoiceFormat<>(
          words(
              Arrays.asList(RetryPolicy.Cause.values()),
              cause -> lowerCase(cause).replace("status_", "")));
  static final Format<Protocol> PROTOCOL =
      new ChoiceFormat<>(words(Arrays.asList(Protocol.values()), Protocol::label));
  static final Format<Balance> BALANCE = new BalanceFormat();
  static final Format<Balance.HashKey> HASH_KEY = new HashKeyFormat();
  static final Format<String> CHECK_PATH =
      new TextFormat(
          "a path",
          Pattern.compile("/[!-\"$-~]{0,1023}"),
          "a path from its / on, of at most 1024 printable ASCII characters without a space or #",
          "write it like /healthz");
  static final Format<Duration> CHECK_INTERVAL =
      durations(Duration.ofMillis(100), Duration.ofHours(1));
  static final Format<Duration> CHECK_TIMEOUT =
      durations(Duration.ofMillis(1), Duration.ofMinutes(1));
  static final Format<Integer> CHECKS = new NumberFormat(1, 100);
  static final Format<String> SERVICE =
      new TextFormat(
          "the name of an SRV record",
          Pattern.compile(
              "(?=.{1,253}$)_[a-z0-9][a-z0-9-]{0,62}\\._tcp(\\.[a-z0-9_]([a-z0-9_-]{0,62}))+"),
          "_SERVICE._tcp.NAME in lower case",
          "write it like _http._tcp.orders.svc.cluster.local");
  static final Format<Integer> FAILURES = new NumberFormat(1, 1_000);
  static final Format<Duration> EJECT_FOR = durations(Duration.ofMillis(100), Duration.ofHours(1));
  static final Format<Duration> MAX_EJECT_FOR =
      durations(Duration.ofMillis(100), Duration.ofDays(1));
  static final Format<Duration> SLOW_START = durations(Duration.ZERO, Duration.ofMinutes(15));
  static final Format<RateFormat.Rate> RATE =
      new RateFormat(MOST_TOKENS, durations(Duration.ofMillis(1), Duration.ofDays(31)));
  static final Format<Integer> BURST = new NumberFormat(1, MOST_TOKENS);
  static final Format<Integer> MAX_CONNECTIONS = new NumberFormat(1, 65_535);
  static final Format<Integer> MAX_WEBSOCKETS = new NumberFormat(1, 65_535);
  static final Format<Integer> ATTEMPTS = new NumberFormat(1, 5);
  static final Format<Duration> BACK_OFF = durations(Duration.ZERO, Duration.ofSeconds(10));
  static final Format<Long> KEPT_BODY = new SizeFormat(0, 1L << 20);
  static final Format<Integer> PERCENTILE = new NumberFormat(50, 99);
  static final Format<Duration> STALE = durations(Duration.ofSeconds(1), Duration.ofDays(1));
  static final Format<Integer> FALLBACK_STATUS = new NumberFormat(200, 599);
  static final Format<String> CONTENT_TYPE =
      new TextFormat(
          "a content type",
          Pattern.compile(
              "[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}(;"
                  + " ?[a-z]{1,32}=[A-Za-z0-9_.+-]{1,64})?"),
          "TYPE/SUBTYPE, with one parameter at most",
          "write it like application/json");
  static final Format<String> FALLBACK_BODY =
      new TextFormat(
          "a small body",
          Pattern.compile("(?s).{0,16384}"),
          "a text of at most 16384 characters",
          "shorten it");
  static final Format<Integer> MAX_REQUESTS = new NumberFormat(1, 1_000_000);
  static final Format<Integer> BREAKER_WINDOW = new NumberFormat(1, 10_000);
  static final Format<Integer> HALF_OPEN_CALLS = new NumberFormat(1, 1_000);
  static final Format<Double> RATIO = new RatioFormat();
  static final Format<Long> MAX_BODY = new SizeFormat(0, 1L << 40);
  static final Format<Duration> MAX_AGE = durations(Duration.ofSeconds(1), Duration.ofDays(30));
  static final Format<Duration> CLOCK_SKEW = durations(Duration.ZERO, Duration.ofMinutes(2));
  static final Format<Duration> CONNECT_TIMEOUT =
      durations(Duration.ofMillis(1), Duration.ofMinutes(1));
  static final Format<Duration> MAX_IDLE = durations(Duration.ofMillis(100), Duration.ofHours(1));
  static final Format<Duration> MAX_LIFE = durations(Duration.ofSeconds(1), Duration.ofDays(1));
  static final Format<Duration> IDLE_TIMEOUT = durations(Duration.ofMillis(10), Duration.ofDays(1));
  static final Format<Duration> OPEN_FOR = durations(Duration.ofMillis(10), Duration.ofHours(1));
  static final Format<Duration> CALL_TIME = durations(Duration.ofMillis(1), Duration.ofHours(1));

  private Grammar() {}

  private static DurationFormat durations(Duration least, Duration most) {
    return new DurationFormat(least, most);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> Map<String, T> words(List<T> values, Function<T, String> word) {
    return Collections.unmodifiableMap(
        values.stream()
            .collect(Collectors.toMap(word, Function.identity(), (a, b) -> a, LinkedHashMap::new)));
  }
}

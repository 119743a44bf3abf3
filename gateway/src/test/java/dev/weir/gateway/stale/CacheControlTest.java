package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How Cache-Control is read, and how old an answer may become by it. */
final class CacheControlTest {
  private static final long ROUTE = 600;

  private static CacheControl of(String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String field : fields) {
      headers.add("cache-control", field);
    }
    return CacheControl.of(headers);
  }

  private static long allowed(String cacheControl, String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders().add("cache-control", cacheControl);
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return Lifetime.allowed(CacheControl.of(headers), headers, ROUTE);
  }

  @Test
  void readsAllFieldsInAnyCaseAndSpacing() {
    assertThat(of("Public ,MAX-AGE=60", "stale-if-error = \"30\" ,, x=1").said())
        .isEqualTo(Map.of("public", 0L, "max-age", 60L, "stale-if-error", 30L, "x", 0L));
  }

  @Test
  void takesTheSmallerOfTwoAndNothingForWhatIsNoNumber() {
    assertThat(of("max-age=60, max-age=5, s-maxage=-1, stale-if-error").said())
        .isEqualTo(Map.of("max-age", 5L, "s-maxage", 0L, "stale-if-error", 0L));
    assertThat(of("max-age=99999999999999999999").seconds("max-age")).hasValue(1L << 31);
  }

  @Test
  void seesNoDirectiveInsideAQuotation() {
    assertThat(of("x=\"a, public, \\\" s-maxage=9\", max-age=1").said())
        .isEqualTo(Map.of("x", 0L, "max-age", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"public, x=\"y, private", "public, x=\"\\", "\""})
  void forbidsWhereAQuotationMayHideSomething(String field) {
    assertThat(of(field).has("no-store")).isTrue();
    assertThat(of(field).has("no-cache")).isTrue();
    assertThat(of(field).has("public")).isFalse();
  }

  @Test
  void letsPragmaForbidButAllowNothing() {
    assertThat(CacheControl.of(new DefaultHttpHeaders().add("pragma", "no-cache")).said())
        .isEqualTo(Map.of("no-cache", 0L));
    assertThat(CacheControl.of(new DefaultHttpHeaders().add("pragma", "public")).said()).isEmpty();
    HttpHeaders both =
        new DefaultHttpHeaders().add("pragma", "no-cache").add("cache-control", "max-age=1");
    assertThat(CacheControl.of(both).has("no-cache")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x                                       | 600",
        "max-age=60                              | 600",
        "max-age=60, stale-if-error=30           | 90",
        "max-age=60, stale-if-error=3000         | 600",
        "stale-if-error=0                        | 0",
        "max-age=60, must-revalidate             | 60",
        "must-revalidate                         | 0",
        "max-age=60, proxy-revalidate            | 60",
        "max-age=60, must-revalidate, stale-if-error=30 | 60",
        "max-age=60, s-maxage=10                 | 10",
        "s-maxage=10, stale-if-error=30          | 10",
        "no-store                                | 0",
        "no-cache                                | 0",
        "no-cache=\"set-cookie\"                 | 0",
        "max-age=60, Private                     | 0",
        "private=\"x-user\", public              | 0"
      })
  void allowsTheStricterOfRouteAndAnswer(String cacheControl, long seconds) {
    assertThat(allowed(cacheControl)).isEqualTo(seconds);
  }

  @Test
  void readsFreshnessFromTwoDatesOrNone() {
    String at = "Sun, 22 Nov 2026 00:00:00 GMT";
    String later = "Sun, 22 Nov 2026 00:01:00 GMT";
    String rule = "must-revalidate";
    assertThat(allowed(rule, "date", at, "expires", later)).isEqualTo(60);
    assertThat(allowed(rule, "date", later, "expires", at)).isZero();
    assertThat(allowed(rule, "expires", later)).isZero();
    assertThat(allowed(rule, "date", at, "expires", "0")).isZero();
    assertThat(allowed(rule, "date", at, "expires", later.repeat(3))).isZero();
    assertThat(allowed(rule + ", max-age=5", "date", at, "expires", later)).isEqualTo(5);
  }

  @Test
  void remembersWhatItReadLastAndNothingElse() {
    Directives directives = new Directives();
    HttpHeaders first = new DefaultHttpHeaders().add("cache-control", "max-age=60");
    CacheControl said = directives.of(first);
    assertThat(directives.of(first.copy())).isSameAs(said);

    HttpHeaders both = first.copy().add("cache-control", "private");
    assertThat(directives.of(both).has("private")).isTrue();
    assertThat(directives.of(new DefaultHttpHeaders().add("cache-control", "no-store")).said())
        .isEqualTo(Map.of("no-store", 0L));
    assertThat(directives.of(new DefaultHttpHeaders()).said()).isEmpty();
    assertThat(directives.of(new DefaultHttpHeaders().add("pragma", "no-cache")).said())
        .isEqualTo(Map.of("no-cache", 0L));
    assertThat(directives.of(first)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({"30,30", "'30, 40',30", "x,0", "-1,0", "'',0"})
  void readsTheAgeThatAnAnswerBrings(String age, long seconds) {
    assertThat(Lifetime.brought(new DefaultHttpHeaders().add("age", age))).isEqualTo(seconds);
    assertThat(Lifetime.brought(new DefaultHttpHeaders())).isZero();
  }
}

package dev.weir.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.ingress.PathNormaliser.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathNormaliserTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a, /a",
    "/a/, /a/",
    "//a, /a",
    "/a//b, /a/b",
    "/a/./b, /a/b",
    "/a/b/., /a/b/",
    "/a/../b, /b",
    "/a/b/.., /a/",
    "/a/b/../, /a/",
    "/%61, /a",
    "/a%2Db%7e, /a-b~",
    "/%2e%2e/a, !",
    "/a/%2e%2E/b, /b",
    "/a/.%2e/b, /b",
    "/caf%c3%a9, /caf%C3%A9",
    "/a/...,  /a/...",
    "/.a, /.a",
    "/a/.hidden/b, /a/.hidden/b",
    "/.., !",
    "/a/../.., !",
  })
  void bringsEquivalentPathsIntoOneForm(String raw, String expected) {
    Result result = PathNormaliser.normalise(raw);
    if (expected.equals("!")) {
      assertThat(result).isInstanceOf(Result.Refused.class);
    } else {
      assertThat(result).isEqualTo(new Result.Normal(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "/a%2fb",
        "/a%5cb",
        "/a\\b",
        "/a;x=1",
        "/a%00b",
        "/a%0d%0ab",
        "/a%7fb",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a b",
        "/a\tb",
        "/a#b",
        "/é",
      })
  void refusesWhatUpstreamsReadInMoreThanOneWay(String raw) {
    assertThat(PathNormaliser.normalise(raw)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void returnsAPlainPathAsItIs() {
    String raw = "/api/orders/42";
    assertThat(PathNormaliser.normalise(raw))
        .isInstanceOfSatisfying(
            Result.Normal.class, normal -> assertThat(normal.path()).isSameAs(raw));
  }

  @Test
  void isIdempotent() {
    for (String raw : new String[] {"/a/./b//c/../d%2D", "/%7Euser/%41", "/x/y/../../z/."}) {
      Result once = PathNormaliser.normalise(raw);
      assertThat(once).isInstanceOf(Result.Normal.class);
      assertThat(PathNormaliser.normalise(((Result.Normal) once).path())).isEqualTo(once);
    }
  }
}

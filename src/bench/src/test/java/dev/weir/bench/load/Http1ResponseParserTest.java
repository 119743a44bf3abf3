package dev.weir.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Http1ResponseParserTest {
  private static final String PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n1a;x=y\r\n"
          + "a".repeat(26)
          + "\r\n3\r\nabc\r\n0\r\ntrailer: 1\r\n\r\n";
  private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n";

  @Test
  void readsResponsesThatFollowEachOther() {
    assertThat(statuses(PLAIN + CHUNKED + EMPTY + INTERIM + PLAIN, Integer.MAX_VALUE))
        .containsExactly(200, 503, 204, 200);
  }

  @Test
  void readsThemHoweverTheyAreCut() {
    for (int size = 1; size < 60; size++) {
      assertThat(statuses(PLAIN + CHUNKED + EMPTY + PLAIN, size))
          .as("in pieces of %d", size)
          .containsExactly(200, 503, 204, 200);
    }
  }

  @Test
  void waitsForTheLastByteOfABody() {
    assertThat(statuses(PLAIN.substring(0, PLAIN.length() - 1), Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void refusesWhatEndsOnlyWithItsConnection() {
    assertThatThrownBy(() -> statuses("HTTP/1.1 200 OK\r\n\r\nhello", Integer.MAX_VALUE))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("without framing");
  }

  @Test
  void refusesWhatIsNotHttp() {
    assertThatThrownBy(() -> statuses("SSH-2.0-something\r\n", Integer.MAX_VALUE))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> statuses("x".repeat(20_000), Integer.MAX_VALUE))
        .isInstanceOf(ProtocolException.class);
  }

  private static List<Integer> statuses(String text, int pieceSize) {
    var parser = new Http1ResponseParser();
    var statuses = new ArrayList<Integer>();
    ByteBuf in = Unpooled.buffer();
    byte[] bytes = text.getBytes(US_ASCII);
    for (int from = 0; from < bytes.length; from += Math.min(pieceSize, bytes.length - from)) {
      in.writeBytes(bytes, from, Math.min(pieceSize, bytes.length - from));
      while (parser.parse(in)) {
        statuses.add(parser.status());
      }
    }
    return statuses;
  }
}

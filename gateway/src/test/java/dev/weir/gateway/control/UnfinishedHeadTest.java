package dev.weir.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.control.UnfinishedHead.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnfinishedHeadTest {
  private final UnfinishedHeads all = new UnfinishedHeads(100);

  private static Outcome add(UnfinishedHead head, String text) {
    ByteBuf part = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    return head.add(part, 0, part.readableBytes());
  }

  @Test
  void sharesItsBytesWithAllOthers() {
    UnfinishedHead first = new UnfinishedHead(all);
    UnfinishedHead second = new UnfinishedHead(all);
    assertThat(add(first, "a".repeat(60))).isEqualTo(Outcome.FITS);
    assertThat(add(second, "a".repeat(41))).isEqualTo(Outcome.NO_ROOM);
    assertThat(add(second, "a".repeat(40))).isEqualTo(Outcome.FITS);
    assertThat(add(first, "a")).isEqualTo(Outcome.NO_ROOM);
    second.finish();
    assertThat(add(first, "a".repeat(40))).isEqualTo(Outcome.FITS);
  }

  @Test
  void givesBackOnce() {
    UnfinishedHead head = new UnfinishedHead(all);
    assertThat(add(head, "a".repeat(60))).isEqualTo(Outcome.FITS);
    head.finish();
    head.finish();
    UnfinishedHead other = new UnfinishedHead(all);
    assertThat(add(other, "a".repeat(101))).isEqualTo(Outcome.NO_ROOM);
    assertThat(add(other, "a".repeat(100))).isEqualTo(Outcome.FITS);
  }

  @Test
  void countsLinesOverAllParts() {
    UnfinishedHead head = new UnfinishedHead(new UnfinishedHeads(10_000));
    assertThat(add(head, "GET / HTTP/1.1\r\n" + "a:\r\n".repeat(99))).isEqualTo(Outcome.FITS);
    assertThat(add(head, "a:\r\nb")).isEqualTo(Outcome.FITS);
    assertThat(add(head, ":\r\n")).isEqualTo(Outcome.TOO_MANY_FIELDS);
  }
}

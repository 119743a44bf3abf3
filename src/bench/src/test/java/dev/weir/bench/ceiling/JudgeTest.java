package dev.weir.bench.ceiling;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.run.UsageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static ByteBuf head(String path) {
    return Unpooled.copiedBuffer("GET " + path + " HTTP/1.1\r\n\r\n", US_ASCII);
  }

  private static Judge judge() throws UsageException {
    return new Judge(Options.parse(List.of("--callers", "12"), 1));
  }

  @Test
  void writesDownWhoseRequestCameThroughWhichGatewayAndWhenItWasSent() throws UsageException {
    var judge = judge();
    long sent = System.nanoTime();

    judge.accept(head(Judge.path(2) + "/011/" + "%019d".formatted(sent)));

    var passed = judge.callers().get(11);
    assertThat(passed.count()).isEqualTo(1);
    assertThat(passed.gateway(0)).isEqualTo(2);
    assertThat(passed.sent(0)).isEqualTo(sent);
    assertThat(passed.arrived(0)).isBetween(sent, System.nanoTime());
    assertThat(judge.passedThrough(2)).isEqualTo(1);
  }

  @Test
  void doesNotJudgeTheWarmUpAndTheProbe() throws UsageException {
    var judge = judge();

    judge.accept(head(Judge.warmPath(0) + "/000/0000000000000000001"));
    judge.accept(head(Routes.READY));

    assertThat(judge.callers()).allMatch(passed -> passed.count() == 0);
  }
}

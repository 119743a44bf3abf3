package dev.weir.auth.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class that leaks buffers. At the end it leaks one marked buffer itself and waits
 * until the detector reports that one: then every leak before it has been reported too, and the
 * detector is known to be on.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * Lettuce takes a buffer as a channel is registered and gives it back as it no longer is, which
   * one whose event loop ends first never hears of. That is not ours, and would be blamed on
   * whichever class comes after the one that ended its Redis.
   */
  private static final String OF_LETTUCE =
      "io.lettuce.core.protocol.CommandHandler.channelRegistered";

  private final Capture capture = new Capture();

  private static final class Capture extends AppenderBase<ILoggingEvent> {
    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      reports.add(event.getFormattedMessage());
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // The first start of the service sets logging up anew, and with it goes every appender.
    assertThat(TestSystem.shared()).isNotNull();
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    Logger logger = detectorLogger();
    capture.setContext(logger.getLoggerContext());
    capture.start();
    logger.addAppender(capture);
    // The marked leak is no news; any other is shown by the assertion.
    logger.setAdditive(false);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    String mark = "leaked on purpose " + UUID.randomUUID();
    leak(mark);
    try {
      await().atMost(PATIENCE).until(() -> isReported(mark));
    } finally {
      detectorLogger().detachAppender(capture);
      detectorLogger().setAdditive(true);
    }
    List<String> leaks =
        capture.reports.stream()
            .filter(report -> !report.contains("leaked on purpose"))
            .filter(report -> !report.contains(OF_LETTUCE))
            .toList();
    assertThat(leaks).isEmpty();
  }

  private static Logger detectorLogger() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }

  private static void leak(String mark) {
    ByteBuf unused = ByteBufAllocator.DEFAULT.buffer(16).touch(mark);
    assertThat(unused.refCnt()).isOne();
  }

  private boolean isReported(String mark) {
    System.gc();
    // Leaks are reported when the next buffer is handed out.
    ByteBufAllocator.DEFAULT.buffer(16).release();
    return capture.reports.stream().anyMatch(report -> report.contains(mark));
  }
}

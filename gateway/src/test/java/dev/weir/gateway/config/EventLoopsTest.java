package dev.weir.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.ReactorNetty;

class EventLoopsTest {
  private final String before = System.getProperty(ReactorNetty.IO_WORKER_COUNT, "");

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty(ReactorNetty.IO_WORKER_COUNT);
    } else {
      System.setProperty(ReactorNetty.IO_WORKER_COUNT, before);
    }
  }

  @Test
  void areAsManyAsProcessors() {
    System.clearProperty(ReactorNetty.IO_WORKER_COUNT);

    EventLoops.oneForEachProcessor();

    assertThat(Integer.getInteger(ReactorNetty.IO_WORKER_COUNT))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void areAsManyAsTheOperatorSays() {
    System.setProperty(ReactorNetty.IO_WORKER_COUNT, "7");

    EventLoops.oneForEachProcessor();

    assertThat(Integer.getInteger(ReactorNetty.IO_WORKER_COUNT)).isEqualTo(7);
  }
}

package dev.weir.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakGateTest {
  @TempDir private Path folder;

  @Test
  void findsALeakInAnyLogOfTheRun() throws IOException {
    var logs = Files.createDirectories(folder.resolve("weir-shedding"));
    Files.writeString(logs.resolve("full.log"), "{\"message\":\"edge is open\"}\n");
    Files.writeString(logs.resolve("full.err"), "a\nLEAK: ByteBuf.release() was not called\nb\n");

    assertThat(LeakGate.leaks(folder))
        .singleElement()
        .asString()
        .contains("LEAK: ByteBuf.release()");
  }

  @Test
  void findsNothingWhereNothingWasLost() throws IOException {
    // A client may send bytes that are no UTF-8, and speak of leaks.
    Files.write(folder.resolve("full.log"), new byte[] {'"', '/', 'l', 'e', 'a', 'k', -1, '"'});

    assertThat(LeakGate.leaks(folder)).isEmpty();
  }
}

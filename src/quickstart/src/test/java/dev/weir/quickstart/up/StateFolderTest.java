package dev.weir.quickstart.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir private Path folder;

  @Test
  void saysInWordsWhichFolderCannotBeUsedAndWhatToSet() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    for (var unusable : new Path[] {file, file.resolve("below")}) {
      var refusal =
          catchThrowableOfType(StartFailedException.class, () -> StateFolder.open(unusable));
      assertThat(refusal.line())
          .startsWith("the state folder " + unusable + " cannot be used (")
          .endsWith("set WEIR_STATE_DIR to a folder of your own")
          .doesNotContain("Exception");
    }
  }
}

package dev.weir.drills.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PictureTest {
  @Test
  void showsLanesReasonsAndMarks() throws Exception {
    var timeline = new Timeline(List.of("orders & more"));
    for (int i = 0; i < 40; i++) {
      var outcome =
          i < 20 ? Outcome.good(200) : i < 30 ? Outcome.refused(503, "x") : Outcome.failed("lost");
      timeline.add(0, Duration.ofMillis(100L * i), outcome, 2_000_000);
    }
    var marks = List.of(new Mark(Duration.ofSeconds(2), Mark.Kind.BREAK, "<broken>"));
    var svg = new Picture("a drill", timeline, marks).text();
    assertThat(svg).contains("orders &amp; more", "503 x", "lost", "&lt;broken&gt;", "p99");
    var document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getElementsByTagName("polygon").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(4);
  }

  @Test
  void drawsARunInWhichNothingHappened() {
    var svg = new Picture("a drill", new Timeline(List.of("orders")), List.of()).text();
    assertThat(svg).startsWith("<svg").endsWith("</svg>\n").doesNotContain("NaN", "Infinity");
  }

  @Test
  void choosesTopsWhoseQuartersReadWell() {
    assertThat(Picture.rounded(580)).isEqualTo(600);
    assertThat(Picture.rounded(0)).isEqualTo(1);
    assertThat(Picture.rounded(1_001)).isEqualTo(1_200);
  }
}

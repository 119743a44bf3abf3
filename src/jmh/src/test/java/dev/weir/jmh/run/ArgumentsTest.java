package dev.weir.jmh.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void takesEverythingAtFullPaceUnlessTold() throws UsageException {
    Arguments arguments = Arguments.parse(List.of());
    assertThat(arguments.pace()).isEqualTo(Pace.FULL);
    assertThat(arguments.selection()).accepts("dev.weir.gateway.route.RouteMatchBench.last");
  }

  @Test
  void takesAPaceAndAPartOfAName() throws UsageException {
    Arguments arguments = Arguments.parse(List.of("Route|Admission", "--quick"));
    assertThat(arguments.pace()).isEqualTo(Pace.QUICK);
    assertThat(arguments.selection())
        .accepts("dev.weir.gateway.route.RouteMatchBench.last")
        .rejects("dev.weir.gateway.observe.AccessLogBench.log");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Arguments.parse(List.of("--fast")))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown option --fast");
    assertThatThrownBy(() -> Arguments.parse(List.of("a", "b")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("one regular expression");
    assertThatThrownBy(() -> Arguments.parse(List.of("(")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("not a regular expression");
  }
}

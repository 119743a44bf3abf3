package dev.weir.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.contender.Mode;
import dev.weir.bench.load.Protocol;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void measuresEverythingUnlessToldOtherwise() throws UsageException {
    assertThat(Options.parse(List.of())).isEqualTo(Options.full());
  }

  @Test
  void changesWhatQuickSets() throws UsageException {
    var options =
        Options.parse(List.of("--rounds", "2", "--quick", "--protocols", "h2", "--out", "x.json"));

    assertThat(options.pace()).isEqualTo(Pace.QUICK);
    assertThat(options.rounds()).isEqualTo(2);
    assertThat(options.protocols()).containsExactly(Protocol.H2);
    assertThat(options.modes()).containsExactly(Mode.PLAIN, Mode.FULL);
    assertThat(options.out()).contains(Path.of("x.json"));
  }

  @Test
  void asksTheModesBetweenByOneProtocolUnlessTheyAreNamed() throws UsageException {
    var all = Options.parse(List.of());
    assertThat(all.protocolsOf(Mode.FULL)).containsExactly(Protocol.H1, Protocol.H2);
    assertThat(all.protocolsOf(Mode.JWT)).containsExactly(Protocol.H1);
    assertThat(Options.parse(List.of("--modes", "jwt")).protocolsOf(Mode.JWT))
        .containsExactly(Protocol.H1, Protocol.H2);
    assertThat(Options.parse(List.of("--protocols", "h2")).protocolsOf(Mode.JWT))
        .containsExactly(Protocol.H2);
  }

  @Test
  void keepsTheOrderOfContenders() throws UsageException {
    assertThat(Options.parse(List.of("--contenders", "haproxy,weir")).contenders())
        .containsExactly("haproxy", "weir");
  }

  @Test
  void looksForLeaksInWeirAlone() throws UsageException {
    var options = Options.parse(List.of("--quick", "--paranoid"));

    assertThat(options.contenders()).containsExactly("weir");
    assertThat(options.leaks()).isEqualTo(Options.Leaks.PARANOID);
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    for (var arguments :
        List.of(
            List.of("--modes"),
            List.of("--modes", "fast"),
            List.of("--rounds", "0"),
            List.of("--rounds", "many"),
            List.of("--contenders", "apache"),
            List.of("--speed", "1"))) {
      assertThatThrownBy(() -> Options.parse(arguments)).isInstanceOf(UsageException.class);
    }
  }
}

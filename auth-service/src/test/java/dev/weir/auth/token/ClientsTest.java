package dev.weir.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.testing.MovableClock;
import dev.weir.auth.testing.ProofKey;
import org.junit.jupiter.api.Test;

class ClientsTest {
  private static final String KEY =
      ProofKey.make(new MovableClock()).jwk().replace("{\"crv\"", "{\"kid\":\"one\",\"crv\"");

  @Test
  void letsAServiceDoWhatItsEntryNamesAndLookWhereItNamesNothing() {
    var clients =
        Clients.parse(
            """
            {"plain": {"keys": [%1$s]},
             "ender": {"keys": [%1$s], "may": ["revoke"]},
             "both": {"keys": [%1$s], "may": ["introspect", "revoke"]}}"""
                .formatted(KEY));
    assertThat(clients.may("plain", ClientRight.INTROSPECT)).isTrue();
    assertThat(clients.may("plain", ClientRight.REVOKE)).isFalse();
    assertThat(clients.may("ender", ClientRight.INTROSPECT)).isFalse();
    assertThat(clients.may("ender", ClientRight.REVOKE)).isTrue();
    assertThat(clients.may("both", ClientRight.REVOKE)).isTrue();
    assertThat(clients.may("nobody", ClientRight.INTROSPECT)).isFalse();
  }

  @Test
  void refusesARightThatThereIsNotAndNoneAtAll() {
    refuses("[\"revok\"]", "orders may something other than introspect or revoke");
    refuses("[]", "orders may nothing");
    refuses("\"revoke\"", "orders may nothing");
  }

  private static void refuses(String rights, String fault) {
    var file = "{\"orders\": {\"keys\": [" + KEY + "], \"may\": " + rights + "}}";
    assertThatThrownBy(() -> Clients.parse(file)).hasMessage(fault);
  }
}

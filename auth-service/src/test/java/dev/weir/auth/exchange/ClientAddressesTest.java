package dev.weir.auth.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressesTest {
  private final ClientAddresses addresses =
      new ClientAddresses(
          List.of(
              AddressRange.parse("127.0.0.0/8"),
              AddressRange.parse("10.9.0.0/16"),
              AddressRange.parse("::1/128")));

  @ParameterizedTest
  @CsvSource(
      value = {
        "203.0.113.7 | 198.51.100.1 | 203.0.113.7",
        "127.0.0.1 | 198.51.100.1 | 198.51.100.1",
        "127.0.0.1 | 1.1.1.1, 198.51.100.1 | 198.51.100.1",
        "127.0.0.1 | 1.1.1.1, 198.51.100.1, 10.9.3.3 | 198.51.100.1",
        "127.0.0.1 | 10.9.3.3 | 10.9.3.3",
        "127.0.0.1 | unknown | 127.0.0.1",
        "127.0.0.1 | localhost | 127.0.0.1",
        "::1 | 2001:db8::7 | 2001:db8::7"
      },
      delimiter = '|')
  void believesOnlyWhatTrustedProxiesAdded(String peer, String header, String client) {
    assertThat(addresses.resolve(InetAddress.ofLiteral(peer), List.of(header)))
        .isEqualTo(InetAddress.ofLiteral(client));
  }

  @Test
  void countsAnIpv6NetworkAsOneClient() {
    var one = ClientAddresses.block(InetAddress.ofLiteral("2001:db8:1:2::1"));
    assertThat(one).isEqualTo(ClientAddresses.block(InetAddress.ofLiteral("2001:db8:1:2:ffff::9")));
    assertThat(one).isNotEqualTo(ClientAddresses.block(InetAddress.ofLiteral("2001:db8:1:3::1")));
  }
}

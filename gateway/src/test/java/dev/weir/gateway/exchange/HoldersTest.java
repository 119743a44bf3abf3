package dev.weir.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HoldersTest {
  private final Holders holders = new Holders(3);

  @Test
  void countsWhatAGuestHolds() {
    int guest = Holders.guest("orders");
    assertThat(holders.of(guest)).isZero();

    holders.add(guest, 1);
    holders.add(guest, 1);
    assertThat(holders.of(guest)).isEqualTo(2);
    holders.add(guest, -1);
    holders.add(guest, -1);
    assertThat(holders.of(guest)).isZero();
  }

  @Test
  void leavesRoomForOthersAndLetsNobodyInTwiceOnceItIsFull() {
    int greedy = Holders.guest("greedy");
    int size = 100;
    int taken = 0;
    while (holders.mayHaveMore(greedy, size - taken)) {
      holders.add(greedy, 1);
      taken++;
    }
    assertThat(taken).isEqualTo(75);

    int modest = Holders.guest("modest");
    assertThat(holders.mayHaveMore(modest, size - taken)).isTrue();
    holders.add(modest, 1);
    assertThat(holders.mayHaveMore(modest, 0)).isFalse();
  }

  @Test
  void takesHardlyAnybodyForSomebodyElse() {
    IntStream.range(0, 8).forEach(i -> holders.add(Holders.guest("greedy-" + i), 50));

    long mistaken =
        IntStream.range(0, 1_000).filter(i -> holders.of(Holders.guest("modest-" + i)) > 0).count();
    assertThat(mistaken).isLessThan(10);
  }

  @Test
  void takesANetworkOfTheNewAddressesForOneGuest() {
    assertThat(Holders.network("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(Holders.network("2001:db8:1:2:ffff:4:5:6"))
        .isNotEqualTo(Holders.network("2001:db8:1:3:3:4:5:6"));
    assertThat(Holders.network("2001:db8::1")).isEqualTo(Holders.network("2001:db8::2:3"));
    assertThat(Holders.network("192.0.2.1")).isNotEqualTo(Holders.network("192.0.2.2"));
  }
}

package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Balance;
import java.util.Map;

/** The ways to spread requests that need no further word. */
record BalanceFormat() implements Format<Balance> {
  private static final ChoiceFormat<Balance> WORDS =
      new ChoiceFormat<>(
          Map.of(
              "round-robin",
              new Balance.RoundRobin(),
              "least-requests",
              new Balance.LeastRequests()));

  @Override
  public String allowed() {
    return "round-robin, least-requests, or { hash: KEY }";
  }

  @Override
  public Reading<Balance> read(String text) {
    if (text.equals("hash")) {
      return Reading.bad("'hash' does not say of what", "write balance: { hash: cookie:session }");
    }
    return WORDS.read(text);
  }
}

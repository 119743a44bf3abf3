package dev.weir.gateway.resilience;

import dev.weir.gateway.route.EjectionPolicy;
import dev.weir.gateway.route.Endpoint;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The endpoints of an upstream at one moment: immutable, made anew at each change and never per
 * request.
 *
 * <p>What health and ejection say is advice: where it would leave nobody, everybody serves (panic).
 * An upstream of which every check fails is more likely to have a broken check, and if not, the
 * breakers know.
 */
final class Lineup {
  /** No ejection ends by itself. */
  static final long NEVER = Long.MAX_VALUE;

  private final List<Member> members;
  private final EndpointBreaker[] all;
  private final EndpointBreaker[] serving;
  private final boolean panic;
  private final long nextReturn;

  Lineup(List<Member> members) {
    this.members = List.copyOf(members);
    this.all = this.members.stream().map(Member::endpoint).toArray(EndpointBreaker[]::new);
    EndpointBreaker[] advised =
        this.members.stream()
            .filter(Member::serves)
            .map(Member::endpoint)
            .toArray(EndpointBreaker[]::new);
    this.panic = advised.length == 0 && all.length > 0;
    this.serving = panic ? all : advised;
    this.nextReturn =
        this.members.stream()
            .filter(Member::ejected)
            .mapToLong(member -> member.ejection().until())
            .min()
            .orElse(NEVER);
  }

  List<Member> members() {
    return members;
  }

  /** Returns all endpoints; nobody writes into it. */
  EndpointBreaker[] all() {
    return all;
  }

  /** Returns those that requests are spread over; nobody writes into it. */
  EndpointBreaker[] serving() {
    return serving;
  }

  boolean isPanic() {
    return panic;
  }

  /** Returns when the next ejection ends, or {@link #NEVER}. */
  long nextReturn() {
    return nextReturn;
  }

  /** Returns the lineup with the ejections ended that are over by now. */
  Lineup at(long now) {
    return now < nextReturn ? this : changed(member -> member.at(now));
  }

  /** Returns the lineup with what is known of an endpoint's health. */
  Lineup health(Endpoint endpoint, boolean healthy) {
    return changed(member -> member.endpoint().isAt(endpoint) ? member.health(healthy) : member);
  }

  /** Returns the lineup of these endpoints, with what is known of those that were there before. */
  Lineup replaced(List<EndpointBreaker> endpoints) {
    List<Member> next = endpoints.stream().map(this::memberOf).toList();
    return next.equals(members) ? this : new Lineup(next);
  }

  private Member memberOf(EndpointBreaker endpoint) {
    return members.stream()
        .filter(member -> member.endpoint() == endpoint)
        .findFirst()
        .orElseGet(() -> Member.fresh(endpoint));
  }

  /** Returns the lineup without an endpoint that fails, as far as that many may be out. */
  Lineup eject(EndpointBreaker endpoint, long now, EjectionPolicy policy) {
    Lineup present = at(now);
    long out = present.members.stream().filter(Member::ejected).count();
    if (out + 1 > policy.maxEjected() * members.size()) {
      return present;
    }
    return present.changed(
        member ->
            member.endpoint() == endpoint && !member.ejected()
                ? member.eject(member.ejection().next(now, policy))
                : member);
  }

  /** Returns the lineup with its members changed, or itself where that says nothing new. */
  private Lineup changed(UnaryOperator<Member> change) {
    List<Member> next = members.stream().map(change).toList();
    return next.equals(members) ? this : new Lineup(next);
  }
}

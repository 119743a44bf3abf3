package dev.weir.gateway.resilience;

import dev.weir.gateway.route.Endpoint;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The endpoints of an upstream at one moment: immutable, made anew at each change and never per
 * request.
 *
 * <p>What health says is advice: where it would leave nobody, everybody serves (panic). An upstream
 * of which every check fails is more likely to have a broken check, and if not, the breakers know.
 */
final class Lineup {
  private final List<Member> members;
  private final EndpointBreaker[] all;
  private final EndpointBreaker[] serving;
  private final boolean panic;

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

  /** Returns the lineup with one member changed, or itself where that says nothing new. */
  Lineup with(Endpoint endpoint, UnaryOperator<Member> change) {
    List<Member> changed =
        members.stream()
            .map(member -> member.endpoint().isAt(endpoint) ? change.apply(member) : member)
            .toList();
    return changed.equals(members) ? this : new Lineup(changed);
  }
}

package dev.weir.gateway.exchange;

import java.util.Optional;

/** The last good answers of a route's upstream, for the time when it fails. */
public interface LastAnswers {

  /**
   * Takes notice of an answer and keeps a copy where it may. Returns what goes on to the client:
   * the same answer, whose body is copied as it passes.
   */
  UpstreamResponse keep(Exchange exchange, UpstreamResponse answer);

  /** Returns what is kept for this request, marked with its age, unless it is too old. */
  Optional<UpstreamResponse> find(Exchange exchange);
}

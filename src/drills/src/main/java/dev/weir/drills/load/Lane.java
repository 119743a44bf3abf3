package dev.weir.drills.load;

import dev.weir.bench.load.Protocol;

/** One kind of request at a rate, seen apart from the others in figures and picture. */
public record Lane(String name, Call call, Protocol protocol, double perSecond) {

  /** The same at another rate. */
  public Lane at(double rate) {
    return new Lane(name, call, protocol, rate);
  }
}

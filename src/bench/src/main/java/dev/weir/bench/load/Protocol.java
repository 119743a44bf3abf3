package dev.weir.bench.load;

/** The protocol a client speaks, and how it spreads its concurrency. */
public enum Protocol {
  H1("h1", "http/1.1", 32, 1),
  H2("h2", "h2", 4, 8);

  private final String label;
  private final String alpn;
  private final int connections;
  private final int streams;

  Protocol(String label, String alpn, int connections, int streams) {
    this.label = label;
    this.alpn = alpn;
    this.connections = connections;
    this.streams = streams;
  }

  /** Returns the name in options and results. */
  public String label() {
    return label;
  }

  String alpn() {
    return alpn;
  }

  int connections() {
    return connections;
  }

  /** Requests under way at once on one connection. */
  int streams() {
    return streams;
  }
}

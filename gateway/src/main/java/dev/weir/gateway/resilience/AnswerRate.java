package dev.weir.gateway.resilience;

/**
 * How many answers come in a microsecond: of late, usually, and where a queue was found.
 *
 * <p>Written and read by one thread.
 */
final class AnswerRate {
  /** A difference to the rate at which a queue was found that chance does not make. */
  private static final double NEWS = 0.2;

  private double recent;
  private double usual;
  private double queued;

  /** What workers finish together makes a single span's rate unsteady. */
  void hear(double rate) {
    recent += (rate - recent) / (recent == 0 ? 1 : 3);
    usual += (rate - usual) / (usual == 0 ? 1 : 8);
  }

  double recent() {
    return recent;
  }

  /** Where the load has just risen the usual rate is still that of before. */
  double best() {
    return Math.max(usual, recent);
  }

  /** Notes that a queue has been found. */
  void findQueue() {
    queued = recent;
  }

  /** Notes that there is still one: a rate that lasts is no news. */
  void keepQueue() {
    queued += (recent - queued) / 32;
  }

  /** Returns whether more or less is answered than where a queue was found. */
  boolean hasNews() {
    return Math.abs(recent - queued) > NEWS * queued;
  }
}

package dev.weir.bench.ceiling;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that was seen, from outside the gateways but for their meters.
 *
 * @param beginNanos when the load began
 * @param redisCalls script calls that Redis counted
 * @param driftMillis by how much the wall clock ran ahead of the judge's
 */
record Evidence(
    Options options,
    long beginNanos,
    List<Passed> callers,
    Offered offered,
    List<Answers> answers,
    List<Meters> meters,
    long redisCalls,
    List<Kills.Outage> outages,
    long driftMillis) {

  long passed() {
    return callers.stream().mapToLong(Passed::count).sum();
  }

  long answered() {
    return answers.stream().mapToLong(Answers::answers).sum();
  }

  long lost() {
    return answers.stream().mapToLong(Answers::lost).sum();
  }

  long refused(int fromSecond, int toSecond) {
    return answers.stream().mapToLong(each -> each.refused(fromSecond, toSecond)).sum();
  }

  /** Returns answers that are neither 200 nor 429, by status. */
  Map<Integer, Long> others() {
    var all = new TreeMap<Integer, Long>();
    answers.forEach(each -> each.others().forEach((code, n) -> all.merge(code, n, Long::sum)));
    return all;
  }

  long total(Meters.Counter counter) {
    return meters.stream().mapToLong(each -> each.total(counter)).sum();
  }

  /** Returns what passed through a gateway, or all of them, in each second. */
  long[] perSecond(int gateway) {
    long[] seconds = new long[(int) options.length().toSeconds()];
    for (var caller : callers) {
      for (int i = 0; i < caller.count(); i++) {
        long second = (caller.arrived(i) - beginNanos) / 1_000_000_000L;
        if (caller.gateway(i) == gateway && second < seconds.length) {
          seconds[(int) second]++;
        }
      }
    }
    return seconds;
  }

  double callsPerThousand() {
    return redisCalls * 1000.0 / Math.max(1, answered());
  }
}

package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What upstreams say that a request has cost, beyond what was taken for it beforehand: taken from
 * the buckets once the answer is there, and owed where they do not hold it. The field goes no
 * further than here.
 *
 * <p>Per answer: a look-up of each field; where it says more than was taken, a compare-and-set for
 * what is leased here and one call for all the rest, for which nobody waits.
 */
final class ReportedCosts {
  /** One limit's field, and its place among the limits. */
  private record Report(int place, AsciiString field, ReportMeters meters) {}

  private final List<Report> reports;
  private final Set<AsciiString> fields = new HashSet<>();

  ReportedCosts(List<Limit> limits, MeterRegistry meters) {
    List<Report> found = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      Limit limit = limits.get(i);
      if (limit.cost().reportedIn().isPresent()) {
        AsciiString field = AsciiString.cached(limit.cost().reportedIn().get());
        fields.add(field);
        found.add(new Report(i, field, new ReportMeters(limit, meters)));
      }
    }
    this.reports = List.copyOf(found);
  }

  boolean isEmpty() {
    return reports.isEmpty();
  }

  /** Will take what the answer of this request says. */
  void follow(Exchange exchange, List<Tier> tiers, int[] weights, LeasedBuckets buckets) {
    if (!reports.isEmpty()) {
      exchange.whenAnswered(answer -> read(answer, tiers, weights, buckets));
    }
  }

  private void read(HttpHeaders answer, List<Tier> tiers, int[] weights, LeasedBuckets buckets) {
    List<Draw> owed = new ArrayList<>(reports.size());
    for (Report report : reports) {
      int reported = tokens(answer.get(report.field()), report.meters());
      int more = reported - weights[report.place()];
      if (more > 0) {
        owed.add(Draw.spent(tiers.get(report.place()), more));
      }
    }
    for (AsciiString field : fields) {
      answer.remove(field);
    }
    if (!owed.isEmpty()) {
      buckets.takeSpent(owed);
    }
  }

  /** Whole numbers up to the dearest request; more counts as that, and anything else as nothing. */
  private static int tokens(@Nullable String text, ReportMeters meters) {
    if (text == null) {
      meters.absent();
      return 0;
    }
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      meters.unreadable();
      return 0;
    }
    meters.read();
    return (int) Math.min(Cost.MOST, Long.parseLong(text));
  }
}

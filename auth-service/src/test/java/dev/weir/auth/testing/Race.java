package dev.weir.auth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Many callers and one thing to be had: a few runs among the tests, as many as somebody asks for by
 * {@code ./weir drill races}. Each run is judged, whatever became of those before, and what came
 * out of them is told in one line: a race that always ends the same way was perhaps none.
 *
 * @param number by which the drill and its table name it
 * @param runs among the other tests
 * @param most runs, where each is too dear for as many as asked for
 */
public record Race(String number, String what, int runs, int most) {
  private static final String ASKED = "weir.race.runs";

  public static Race of(String number, String what, int runs) {
    return new Race(number, what, runs, Integer.MAX_VALUE);
  }

  public Race atMost(int limit) {
    return new Race(number, what, runs, limit);
  }

  /** Runs one after the other. */
  public void run(Run run) {
    int count = Math.min(most, Integer.getInteger(ASKED, runs));
    var outcomes = new Outcomes(new TreeMap<>());
    List<String> violations = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      try {
        run.run(outcomes);
      } catch (AssertionError | Exception broken) {
        violations.add("run " + i + ": " + broken);
      }
      if (count > runs && i % 10 == 0) {
        System.out.printf(Locale.ROOT, "racing %s, run %d of %d%n", number, i, count);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,d runs, %d violations; %s: %s%n",
        number,
        count,
        violations.size(),
        what,
        outcomes.told());
    assertThat(violations).as("%s, %s", number, what).isEmpty();
  }

  /** One run: fails if it did not end as it must. */
  @FunctionalInterface
  public interface Run {
    void run(Outcomes outcomes) throws Exception;
  }

  /** How often each thing came out, over all runs. */
  public record Outcomes(SortedMap<String, Long> counts) {
    public void add(String outcome) {
      add(outcome, 1);
    }

    public void add(String outcome, long times) {
      counts.merge(outcome, times, Long::sum);
    }

    /** Counts each answer by its status, and its code if it has one. */
    public void add(List<AuthClient.Answer> answers) {
      answers.forEach(answer -> add(named(answer)));
    }

    private static String named(AuthClient.Answer answer) {
      return answer.status() < 400 ? "" + answer.status() : answer.status() + " " + answer.code();
    }

    String told() {
      return counts.entrySet().stream().map(Outcomes::told).collect(Collectors.joining(", "));
    }

    private static String told(Map.Entry<String, Long> count) {
      return String.format(Locale.ROOT, "%,d x %s", count.getValue(), count.getKey());
    }
  }
}

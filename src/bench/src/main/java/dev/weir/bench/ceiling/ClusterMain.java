package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Gateways share a limit on a Redis Cluster, and the master that holds it is killed under load;
 * {@code ./weir drill redis-cluster} starts it. Ends with status 1 if one request too many passed,
 * or if a client was told of the loss though the limits were not to.
 */
public final class ClusterMain {
  private static final int FAULTY = 1;
  private static final int MISUSED = 2;

  private ClusterMain() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    try {
      var options = ClusterOptions.parse(arguments);
      var home = Path.of(System.getProperty("weir.home", "."));
      var evidence = new ClusterDrill(home, options, System.out).run();
      var verdict = ClusterVerdict.of(evidence);
      System.out.print(verdict.text(options));
      var picture = Path.of(".weir", "drills", "redis-cluster-" + options.onRedisLoss() + ".svg");
      new Picture(evidence, "Redis is lost to that gateway").write(home.resolve(picture));
      System.out.printf("Picture: %s%n", picture);
      return verdict.isGood(options) ? 0 : FAULTY;
    } catch (UsageException e) {
      System.err.println("drill: " + e.getMessage());
      System.err.println(ClusterOptions.USAGE);
      return MISUSED;
    } catch (UnfitException e) {
      System.err.println("drill: a gateway does not start: " + e.getMessage());
      return FAULTY;
    }
  }
}

package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.run.Command;
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
  private ClusterMain() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(Command.run("drill", () -> ClusterOptions.USAGE, ClusterMain::run, args));
  }

  private static boolean run(Path home, List<String> arguments)
      throws UsageException,
          UnfitException,
          IOException,
          GeneralSecurityException,
          InterruptedException {
    var options = ClusterOptions.parse(arguments);
    var evidence = new ClusterDrill(home, options, System.out).run();
    var verdict = ClusterVerdict.of(evidence);
    System.out.print(verdict.text(options));
    var picture = Path.of(".weir", "drills", "redis-cluster-" + options.onRedisLoss() + ".svg");
    new Picture(evidence, "Redis is lost to that gateway").write(home.resolve(picture));
    System.out.printf("Picture: %s%n", picture);
    return verdict.isGood(options);
  }
}

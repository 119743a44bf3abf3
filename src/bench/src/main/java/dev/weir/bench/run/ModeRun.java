package dev.weir.bench.run;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Mode;
import dev.weir.bench.contender.PeerLaunch;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.contender.Verification;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.load.Outcome;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.report.ClosedSample;
import dev.weir.bench.report.Exclusion;
import dev.weir.bench.report.OpenSample;
import dev.weir.bench.report.Presence;
import dev.weir.bench.report.Results;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One mode: all contenders are started and looked at, warmed up, and then measured in turns, round
 * after round. Whoever is not under load does nothing, so all of them share the one core.
 */
final class ModeRun {
  // An open loop counts as held when all but one in a hundred were answered by its end.
  private static final double HELD = 0.99;

  private final Lab lab;
  private final Options options;
  private final Mode mode;
  private final Results results;
  private final Progress progress;
  private final Measurement measurement;
  private final Task task;
  private final Map<Protocol, Double> rates = new EnumMap<>(Protocol.class);

  ModeRun(Lab lab, Options options, Mode mode, Results results, Progress progress) {
    this.lab = lab;
    this.options = options;
    this.mode = mode;
    this.results = results;
    this.progress = progress;
    this.measurement = new Measurement(lab, options.pace(), progress);
    this.task = mode.identifies() ? Task.item(lab.tokens()) : Task.anonymousItem();
  }

  void run() throws IOException, GeneralSecurityException, InterruptedException {
    var contenders = new ArrayList<Contender>();
    try {
      for (var name : options.contenders()) {
        start(name).ifPresent(contenders::add);
      }
      warm(contenders);
      for (int round = 0; round < options.rounds(); round++) {
        for (var protocol : options.protocolsOf(mode)) {
          round(contenders, protocol, round);
        }
      }
      for (var contender : contenders) {
        results.add(presence(contender));
      }
      for (var contender : contenders) {
        if (contender.name().equals(WeirLaunch.NAME)) {
          new SideQuestions(lab, options, results, progress).ask(mode, contender, task);
          if (options.leaks() == Options.Leaks.PARANOID) {
            new LeakGate(measurement).flush(contender, task);
          }
        }
      }
    } finally {
      contenders.forEach(contender -> lab.processes().stop(contender.process()));
    }
  }

  private Optional<Contender> start(String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    progress.now("%s: starting and verifying %s".formatted(mode.label(), name));
    try {
      var token = mode.identifies() ? lab.issuer().token("starter") : "";
      var contender = lab.starter().start(launch(name), task.path(), token);
      new Verification(lab.probe(), lab.issuer(), mode).check(contender);
      return Optional.of(contender);
    } catch (UnfitException e) {
      exclude(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Launch launch(String name) throws UnfitException, IOException {
    if (name.equals(WeirLaunch.NAME)) {
      return new WeirLaunch(lab.setting()).common(mode);
    }
    var peer = new PeerLaunch(lab.setting());
    return peer.of(name, mode);
  }

  private void exclude(String name, String reason) {
    progress.note("%s goes on without %s: %s".formatted(mode.label(), name, reason));
    results.add(new Exclusion(mode.label(), name, reason));
  }

  private void warm(List<Contender> contenders) throws IOException, InterruptedException {
    for (var contender : List.copyOf(contenders)) {
      if (!isWarm(contender)) {
        contenders.remove(contender);
      }
    }
  }

  private boolean isWarm(Contender contender) throws IOException, InterruptedException {
    for (var protocol : options.protocolsOf(mode)) {
      progress.now(
          "%s: warming %s, %s".formatted(mode.label(), contender.name(), protocol.label()));
      var fault = measurement.warm(contender, protocol, task);
      if (fault.isPresent()) {
        exclude(
            contender.name(), "under load over %s: %s".formatted(protocol.label(), fault.get()));
        lab.processes().stop(contender.process());
        return false;
      }
    }
    return true;
  }

  private void round(List<Contender> contenders, Protocol protocol, int round) throws IOException {
    var served = new HashMap<String, Double>();
    for (var contender : contenders) {
      say(round, protocol, contender.name(), "closed loop");
      var sample = closed(contender, protocol, round);
      served.put(contender.name(), sample.perSecond());
      results.add(sample);
    }
    var rate = rates.get(protocol);
    if (rate == null) {
      return;
    }
    say(round, protocol, OpenSample.DIRECT, "open loop");
    results.add(sample(OpenSample.DIRECT, protocol, round, rate, measurement.direct(task, rate)));
    for (var contender : contenders) {
      say(round, protocol, contender.name(), "open loop");
      boolean hopeless = served.getOrDefault(contender.name(), 0.0) < rate;
      results.add(
          hopeless
              ? notHeld(contender, protocol, round, rate)
              : open(contender, protocol, round, rate));
    }
  }

  private void say(int round, Protocol protocol, String who, String what) {
    progress.now(
        "%s: round %d of %d, %s, %s, %s"
            .formatted(mode.label(), round + 1, options.rounds(), protocol.label(), what, who));
  }

  private ClosedSample closed(Contender contender, Protocol protocol, int round) {
    var usage = measurement.closed(contender, protocol, task);
    var outcome = usage.outcome();
    boolean isReference = contender.name().equals(options.contenders().getFirst());
    if (isReference && usage.fault().isEmpty()) {
      rates.putIfAbsent(protocol, outcome.perSecond() / 2);
    }
    return new ClosedSample(
        mode.label(),
        protocol.label(),
        contender.name(),
        round,
        outcome.answers(),
        outcome.perSecond(),
        usage.cpuMicros(),
        usage.busy(),
        usage.redisCalls() * 1e3 / Math.max(1, outcome.answers()),
        usage.fault());
  }

  /** Who served less than the rate a moment ago would only pile up what it cannot serve. */
  private OpenSample notHeld(Contender contender, Protocol protocol, int round, double rate) {
    return new OpenSample(
        mode.label(),
        protocol.label(),
        contender.name(),
        round,
        rate,
        0,
        0,
        0,
        0,
        false,
        Optional.empty());
  }

  private OpenSample open(Contender contender, Protocol protocol, int round, double rate) {
    try {
      var outcome = measurement.open(contender, protocol, task, rate);
      return sample(contender.name(), protocol, round, rate, outcome);
    } catch (IOException e) {
      var outcome = Outcome.broken(String.valueOf(e.getMessage()));
      return sample(contender.name(), protocol, round, rate, outcome);
    }
  }

  private OpenSample sample(
      String contender, Protocol protocol, int round, double rate, Outcome outcome) {
    double wanted = rate * options.pace().open().toNanos() / 1e9;
    return new OpenSample(
        mode.label(),
        protocol.label(),
        contender,
        round,
        rate,
        outcome.answers(),
        outcome.micros(50),
        outcome.micros(99),
        outcome.micros(99.9),
        outcome.answers() >= HELD * wanted
            && outcome.wallNanos() < options.pace().open().toNanos() * 1.1,
        outcome.fault(task.expected()));
  }

  private Presence presence(Contender contender) throws IOException {
    return new Presence(
        mode.label(),
        contender.name(),
        contender.startUp().toMillis(),
        contender.tree().residentKibibytes(),
        contender.tree().peakKibibytes());
  }
}

package dev.weir.jmh.run;

/** What the event loops still share and write for a request, and the bench that shows its price. */
enum Shared {
  CONTROL("dev.weir.jmh.SpinBench.wide", "nothing: arithmetic"),
  UNSHARED("dev.weir.gateway.pipeline.UnsharedPathBench.request", "nothing: a whole request"),
  PERMITS("dev.weir.gateway.admission.AdmissionBench.permit", "permits of admission"),
  TOKENS("dev.weir.gateway.jwt.TokenCacheBench.cached", "cache of verified tokens, one token"),
  GUARD_ONE("dev.weir.gateway.throttle.BucketBench.guardCommon", "address guard, one address"),
  GUARD("dev.weir.gateway.throttle.BucketBench.guardOwn", "address guard, an address each"),
  LEASE_ONE("dev.weir.gateway.throttle.BucketBench.leasedCommon", "lease of one caller"),
  LEASES("dev.weir.gateway.throttle.BucketBench.leasedOwn", "leases, a caller each"),
  BREAKER("dev.weir.gateway.resilience.BreakerBench.attempt", "breaker of one endpoint"),
  BREAKERS("dev.weir.gateway.resilience.BreakerBench.choice", "breakers of two endpoints"),
  PLACES("dev.weir.gateway.resilience.UpstreamLimitBench.place", "places of one upstream"),
  LAST_PLACES("dev.weir.gateway.resilience.UpstreamLimitBench.lastPlaces", "places near the limit"),
  METERS("dev.weir.gateway.observe.RequestMetersBench.duration", "timer of one route"),
  ACCESS_LOG("dev.weir.gateway.observe.AccessLogBench.log", "lanes of the access log"),
  PATH("dev.weir.gateway.pipeline.DecisionPathBench.request", "all of it: a whole request");

  private final String bench;
  private final String what;

  Shared(String bench, String what) {
    this.bench = bench;
    this.what = what;
  }

  String bench() {
    return bench;
  }

  String what() {
    return what;
  }
}

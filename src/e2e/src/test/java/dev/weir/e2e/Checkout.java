package dev.weir.e2e;

import java.nio.file.Path;

/** The files of the build under test. */
final class Checkout {
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();
  static final Path QUICKSTART = ROOT.resolve("src/quickstart/target/quickstart.jar");
  static final Path GATEWAY = ROOT.resolve("gateway/target/gateway.jar");

  private Checkout() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}

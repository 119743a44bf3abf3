package dev.weir.auth.config;

import java.util.regex.Pattern;

/** Which hosts are this machine, so that what goes there crosses no network. */
final class ThisMachine {
  /** Numbers alone: 127.example is somebody's name. */
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  private ThisMachine() {}

  static boolean is(String host) {
    return host.equals("localhost") || LOOPBACK.matcher(host).matches() || host.equals("[::1]");
  }
}

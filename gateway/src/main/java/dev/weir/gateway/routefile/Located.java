package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;

/** A value, and where the file says it. */
record Located<T>(T value, Source at) {}

package dev.weir.drills.drill;

import dev.weir.drills.load.Lane;
import java.time.Duration;
import java.util.List;

/** A part of a run with rates of its own. */
record Stretch(String label, Duration length, List<Lane> lanes) {}

package dev.weir.gateway.routefile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The units in which the file writes one kind of amount, and what people write instead of them.
 *
 * @param sizes from the smallest, which is 1, to the largest
 * @param slips by a word in small letters, the unit that it means
 */
record Units(SequencedMap<String, Long> sizes, Map<String, String> slips) {

  Units {
    sizes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sizes));
    slips = Map.copyOf(slips);
  }

  /** Takes the names from the smallest to the largest, each so many of the one before. */
  static Units of(List<String> names, List<Long> factors, Map<String, String> slips) {
    SequencedMap<String, Long> sizes = new LinkedHashMap<>();
    long size = 1;
    for (int i = 0; i < names.size(); i++) {
      size *= factors.get(i);
      sizes.put(names.get(i), size);
    }
    return new Units(sizes, slips);
  }

  /** Returns the unit that a word means; where it means none, what is no unit. */
  String meant(String word) {
    String small = word.toLowerCase(Locale.ROOT);
    return slips.getOrDefault(small, small);
  }

  boolean has(String unit) {
    return sizes.containsKey(unit);
  }

  long size(String unit) {
    return sizes.getOrDefault(unit, 1L);
  }

  /** Returns an amount as the file writes it, in the largest unit that keeps it whole. */
  String text(long amount) {
    for (Map.Entry<String, Long> unit : sizes.reversed().entrySet()) {
      if (amount > 0 && amount % unit.getValue() == 0) {
        return amount / unit.getValue() + unit.getKey();
      }
    }
    return amount + sizes.firstEntry().getKey();
  }
}

package dev.weir.gateway.routefile;

import java.util.Map;

/** One of a few words, each of which stands for a value. */
record ChoiceFormat<T>(Map<String, T> choices) implements Format<T> {

  @Override
  public String allowed() {
    return String.join(", ", choices.keySet());
  }

  @Override
  public Reading<T> read(String text) {
    T choice = choices.get(text);
    if (choice != null) {
      return new Reading.Good<>(choice);
    }
    return Reading.bad(
        "'" + TextFormat.shortened(text) + "' is unknown",
        NearMiss.of(text, choices.keySet())
            .map(word -> "did you mean " + word + "?")
            .orElse("write one of the allowed words"));
  }
}

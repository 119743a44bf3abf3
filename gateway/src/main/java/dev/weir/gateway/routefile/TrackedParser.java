package dev.weir.gateway.routefile;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.Parser;

/** Remembers how far a parser came, for the bounds that it reports without a place. */
final class TrackedParser implements Parser {
  private final Parser parser;
  private int line = 1;
  private int column = 1;

  TrackedParser(Parser parser) {
    this.parser = parser;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public Event getEvent() {
    Event event = parser.getEvent();
    Mark mark = event.getStartMark();
    line = mark.getLine() + 1;
    column = mark.getColumn() + 1;
    return event;
  }

  /** Returns the line of the last event, from 1. */
  int line() {
    return line;
  }

  /** Returns the column of the last event, from 1. */
  int column() {
    return column;
  }
}

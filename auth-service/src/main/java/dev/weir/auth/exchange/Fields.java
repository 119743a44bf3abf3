package dev.weir.auth.exchange;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.FieldFault;
import dev.weir.auth.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of one JSON object and collects everything wrong with them, so that a client
 * learns all of it at once. Values that were sent are never repeated in the answer: they may be
 * secrets.
 */
public final class Fields {
  private final JsonNode object;
  private final Set<String> known = new HashSet<>();
  private final List<FieldFault> faults = new ArrayList<>();

  Fields(JsonNode object) {
    this.object = object;
  }

  /**
   * Returns the text member, or "" after noting a fault, so that reading goes on to find the next
   * one.
   */
  public String text(String name, int maxLength) {
    if (!object.has(name)) {
      known.add(name);
      fault(name, "is required");
      return "";
    }
    return optionalText(name, maxLength).orElse("");
  }

  public Optional<String> optionalText(String name, int maxLength) {
    known.add(name);
    var node = object.path(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      fault(name, "must be a string");
      return Optional.empty();
    }
    var value = node.stringValue();
    if (value.isEmpty() || value.length() > maxLength) {
      fault(name, "must have 1 to " + maxLength + " characters");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** Returns the JSON text of an object member, or "" after noting a fault. */
  public String object(String name, int maxLength) {
    known.add(name);
    var node = object.path(name);
    var text = node.isObject() ? node.toString() : "";
    if (text.isEmpty() || text.length() > maxLength) {
      fault(name, "must be an object of at most " + maxLength + " characters");
      return "";
    }
    return text;
  }

  /** Returns the JSON text of an object member, if there is one. */
  public Optional<String> optionalObject(String name, int maxLength) {
    known.add(name);
    return object.has(name)
        ? Optional.of(object(name, maxLength)).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /** Reads one member of a merge patch: absent keeps what is there, null empties it. */
  public String patchedText(String name, int maxLength, String current) {
    if (object.path(name).isNull()) {
      known.add(name);
      return "";
    }
    return optionalText(name, maxLength).orElse(current);
  }

  public boolean optionalFlag(String name) {
    known.add(name);
    var node = object.path(name);
    if (node.isMissingNode()) {
      return false;
    }
    if (!node.isBoolean()) {
      fault(name, "must be true or false");
      return false;
    }
    return node.booleanValue();
  }

  public void fault(String name, String detail) {
    faults.add(new FieldFault("/" + escaped(name), detail));
  }

  /** Refuses the request if anything read so far was wrong, or if a member was never asked for. */
  public void end() {
    for (var name : object.propertyNames()) {
      if (!known.contains(name)) {
        faults.add(new FieldFault("/" + escaped(name), "is not a known field"));
      }
    }
    if (!faults.isEmpty()) {
      throw Problem.of(AuthError.VALIDATION).withFaults(faults).refuse();
    }
  }

  /**
   * Escapes by RFC 6901, and cuts: a name is the client's own text and may be as long as the body.
   */
  private static String escaped(String name) {
    var cut = name.length() > 64 ? name.substring(0, 64) : name;
    return cut.replace("~", "~0").replace("/", "~1");
  }
}

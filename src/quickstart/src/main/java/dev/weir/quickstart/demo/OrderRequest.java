package dev.weir.quickstart.demo;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a person asks for: {@code {"item": "...", "quantity": n}}. */
record OrderRequest(String item, int quantity) {
  private static final int ITEM_LIMIT = 100;
  private static final int QUANTITY_LIMIT = 1_000;

  /** What became of a body: a request, or the reason why it is none. */
  sealed interface Parsed {
    record Good(OrderRequest request) implements Parsed {}

    record Bad(String reason) implements Parsed {}
  }

  static Parsed parse(byte[] body) {
    try (var json = Json.parse(body)) {
      return parse(json);
    } catch (JacksonException e) {
      return new Parsed.Bad("the body is not valid JSON");
    }
  }

  private static Parsed parse(JsonParser json) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return new Parsed.Bad("the body must be a JSON object");
    }
    var item = "";
    int quantity = 1;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = json.currentName();
      var value = json.nextToken();
      if (name.equals("item") && value == JsonToken.VALUE_STRING) {
        item = json.getString().strip();
      } else if (name.equals("quantity") && value == JsonToken.VALUE_NUMBER_INT) {
        quantity = json.getIntValue();
      } else {
        return new Parsed.Bad("known are item (text) and quantity (whole number)");
      }
    }
    return validate(item, quantity);
  }

  private static Parsed validate(String item, int quantity) {
    if (item.isEmpty() || item.length() > ITEM_LIMIT) {
      return new Parsed.Bad("item must have 1 to " + ITEM_LIMIT + " characters");
    }
    if (quantity < 1 || quantity > QUANTITY_LIMIT) {
      return new Parsed.Bad("quantity must be 1 to " + QUANTITY_LIMIT);
    }
    return new Parsed.Good(new OrderRequest(item, quantity));
  }
}

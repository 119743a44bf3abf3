package dev.weir.quickstart.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One order of one person. */
record Order(UUID id, String subject, OrderRequest request, Instant placedAt) {
  void writeTo(JsonGenerator json) {
    json.writeStartObject();
    writeMembers(json);
    json.writeEndObject();
  }

  void writeMembers(JsonGenerator json) {
    json.writeStringProperty("id", id.toString());
    json.writeStringProperty("item", request.item());
    json.writeNumberProperty("quantity", request.quantity());
    json.writeStringProperty("subject", subject);
    json.writeStringProperty("placed_at", placedAt.toString());
  }

  /**
   * Reads one order, or a list of them in an object, as a peer writes it; throws on anything else.
   */
  static List<Order> parseAll(byte[] body) {
    var orders = new ArrayList<Order>();
    try (var json = Json.parse(body)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.PROPERTY_NAME && json.currentName().equals("id")) {
          orders.add(parse(json));
        }
      }
    }
    return orders;
  }

  private static Order parse(JsonParser json) {
    Map<String, String> members = new HashMap<>();
    while (json.currentToken() == JsonToken.PROPERTY_NAME) {
      var name = json.currentName();
      json.nextToken();
      members.put(name, json.getString());
      json.nextToken();
    }
    return new Order(
        UUID.fromString(members.getOrDefault("id", "")),
        members.getOrDefault("subject", ""),
        new OrderRequest(
            members.getOrDefault("item", ""),
            Integer.parseInt(members.getOrDefault("quantity", ""))),
        Instant.parse(members.getOrDefault("placed_at", "")));
  }
}

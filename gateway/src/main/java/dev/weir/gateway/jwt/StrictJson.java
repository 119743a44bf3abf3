package dev.weir.gateway.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON object from strangers: UTF-8 and nothing else (no byte order mark, no guess at
 * UTF-16), no name twice at any depth, nothing after it, bounded depth, names, numbers and strings.
 */
final class StrictJson {
  private static final int DEPTH_BOUND = 8;
  private static final int THUMBPRINT = 43;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_BOUND)
                          .maxNameLength(256)
                          .maxNumberLength(32)
                          .maxStringLength(64 * 1024)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  static Optional<ObjectNode> object(byte[] bytes) {
    try {
      // A fresh decoder reports malformed input; String's constructor would replace it.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode root = MAPPER.readTree(text);
      return root instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (CharacterCodingException | JacksonException malformed) {
      return Optional.empty();
    }
  }

  /** Returns whether the text can be a SHA-256 in base64url. */
  static boolean isThumbprint(String text) {
    return isVisibleAscii(text, THUMBPRINT) && text.length() == THUMBPRINT;
  }

  /** Returns whether the text is visible ASCII, of 1 to {@code bound} characters. */
  static boolean isVisibleAscii(String text, int bound) {
    if (text.isEmpty() || text.length() > bound) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= 0x20 || c >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}

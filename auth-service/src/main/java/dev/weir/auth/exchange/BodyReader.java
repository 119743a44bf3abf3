package dev.weir.auth.exchange;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/** Reads a request body as one JSON object in UTF-8 of at most 16 kB, or refuses it. */
public final class BodyReader {
  private static final int MAX_BYTES = 16 * 1024;
  private static final MediaType MERGE_PATCH = MediaType.valueOf("application/merge-patch+json");

  /**
   * A body of 16 kB takes a slow line two seconds; who takes longer holds a connection for nothing.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private BodyReader() {}

  public static Mono<Fields> read(ServerRequest request) {
    return isOf(request, MediaType.APPLICATION_JSON)
        ? body(request)
        : Mono.error(Refused.of(AuthError.UNSUPPORTED_MEDIA_TYPE));
  }

  /** Reads a merge patch (RFC 7396), which may also call itself plain JSON. */
  public static Mono<Fields> readPatch(ServerRequest request) {
    return isOf(request, MERGE_PATCH) ? body(request) : read(request);
  }

  /** Reads a form, which OAuth's own endpoints take instead of JSON. */
  public static Mono<Form> readForm(ServerRequest request) {
    return isOf(request, MediaType.APPLICATION_FORM_URLENCODED)
        ? bytes(request).map(Form::parse)
        : Mono.error(Refused.of(AuthError.UNSUPPORTED_MEDIA_TYPE));
  }

  private static Mono<Fields> body(ServerRequest request) {
    return bytes(request).map(BodyReader::parse);
  }

  private static Mono<byte[]> bytes(ServerRequest request) {
    if (request.headers().contentLength().orElse(0) > MAX_BYTES) {
      return Mono.error(Refused.of(AuthError.BODY_TOO_LARGE));
    }
    return DataBufferUtils.join(request.exchange().getRequest().getBody(), MAX_BYTES)
        .timeout(PATIENCE)
        .onErrorMap(TimeoutException.class, _ -> Refused.of(AuthError.BODY_TIMEOUT))
        .onErrorMap(DataBufferLimitException.class, e -> Refused.of(AuthError.BODY_TOO_LARGE))
        .map(BodyReader::bytes)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.MALFORMED_BODY)));
  }

  private static boolean isOf(ServerRequest request, MediaType expected) {
    try {
      var type = request.headers().contentType().orElse(MediaType.ALL);
      Charset charset = type.getCharset();
      return type.equalsTypeAndSubtype(expected)
          && (charset == null || charset.equals(StandardCharsets.UTF_8));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static byte[] bytes(DataBuffer buffer) {
    var bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return bytes;
  }

  /** Decodes before parsing: Jackson would guess UTF-16 and forgive a byte order mark. */
  static Fields parse(byte[] body) {
    try {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      var text = decoder.decode(ByteBuffer.wrap(body)).toString();
      var tree = Json.STRICT.readTree(text);
      if (tree.isObject()) {
        return new Fields(tree);
      }
      throw Refused.of(AuthError.MALFORMED_BODY);
    } catch (CharacterCodingException | JacksonException e) {
      throw Refused.of(AuthError.MALFORMED_BODY);
    }
  }
}

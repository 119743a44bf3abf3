package dev.weir.auth.exchange;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Writes a JSON body under an entity tag, or 304 to a caller who has it already. */
public final class Representation {
  private Representation() {}

  /** Writes a body whose tag is its digest. */
  public static Mono<ServerResponse> write(ServerRequest request, Map<String, ?> body) {
    var bytes = Json.STRICT.writeValueAsBytes(body);
    return write(request, "\"" + digest(bytes) + "\"", bytes);
  }

  /** Writes a body that has a tag of its own. */
  public static Mono<ServerResponse> write(
      ServerRequest request, String etag, Map<String, ?> body) {
    return write(request, etag, Json.STRICT.writeValueAsBytes(body));
  }

  private static Mono<ServerResponse> write(ServerRequest request, String etag, byte[] bytes) {
    boolean known =
        request.headers().asHttpHeaders().getIfNoneMatch().stream()
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    if (known) {
      return ServerResponse.status(HttpStatus.NOT_MODIFIED).eTag(etag).build();
    }
    return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).eTag(etag).bodyValue(bytes);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 12);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
    }
  }
}

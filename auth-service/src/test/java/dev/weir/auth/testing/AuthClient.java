package dev.weir.auth.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks HTTP to the service as a client would; keeps no cookies, so that a test says which ones it
 * sends.
 */
public record AuthClient(HttpClient http, URI base, Map<String, String> headers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static AuthClient of(int port) {
    var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    return new AuthClient(http, URI.create("http://127.0.0.1:" + port), Map.of());
  }

  /** Returns a client that also sends this header. */
  public AuthClient with(String name, String value) {
    var all = new java.util.LinkedHashMap<>(headers);
    all.put(name, value);
    return new AuthClient(http, base, all);
  }

  /** Returns a client that comes from this address, as the edge would tell it. */
  public AuthClient from(String address) {
    return with("X-Forwarded-For", address);
  }

  public AuthClient bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public Answer get(String path) {
    return send(request(path).GET().build());
  }

  public Answer post(String path, Map<String, ?> body) {
    return post(path, "application/json", JSON.writeValueAsString(body));
  }

  public Answer post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  public Answer post(String path, String contentType, String body) {
    return send(postRequest(path, contentType, body));
  }

  public Answer patch(String path, Map<String, ?> body) {
    return send(
        request(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  public Answer delete(String path) {
    return method("DELETE", path);
  }

  public Answer put(String path) {
    return method("PUT", path);
  }

  public Answer method(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  public CompletableFuture<Answer> postAsync(String path, Map<String, ?> body) {
    var request = postRequest(path, "application/json", JSON.writeValueAsString(body));
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(Answer::new);
  }

  private HttpRequest postRequest(String path, String contentType, String body) {
    return request(path)
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(15));
    headers.forEach(request::header);
    return request;
  }

  private Answer send(HttpRequest request) {
    try {
      return new Answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One answer, with its JSON read where there is any. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String text(String member) {
      return json().path(member).asString("");
    }

    public String code() {
      return text("code");
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Returns the whole Set-Cookie line of this cookie, or "". */
    public String setCookie(String name) {
      return response.headers().allValues("Set-Cookie").stream()
          .filter(line -> line.startsWith(name + "="))
          .findFirst()
          .orElse("");
    }

    public String cookie(String name) {
      return setCookie(name).split(";", 2)[0].replaceFirst("^[^=]*=?", "");
    }
  }
}

package dev.weir.gateway.exchange;

import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The client's side of an exchange: what the server handed over, for whoever writes the answer. */
public record ServerCall(HttpServerRequest request, HttpServerResponse response) {}

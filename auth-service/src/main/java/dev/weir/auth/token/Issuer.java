package dev.weir.auth.token;

/** Who issues tokens, and for whom. */
public record Issuer(String url, String audience) {}

package dev.weir.auth.problem;

/**
 * One thing wrong with one field: a JSON pointer and what is expected there, never the value that
 * was sent.
 */
public record FieldFault(String pointer, String detail) {}

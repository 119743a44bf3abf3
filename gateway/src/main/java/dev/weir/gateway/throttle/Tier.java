package dev.weir.gateway.throttle;

/**
 * One bucket of a request.
 *
 * @param key names the bucket; bounded in length, and holds no address and no name of a person
 */
public record Tier(String key, BucketShape shape) {}

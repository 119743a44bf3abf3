/** Requests, routes and limits for benches to measure with, alike in all of them. */
@NullMarked
package dev.weir.jmh.sample;

import org.jspecify.annotations.NullMarked;

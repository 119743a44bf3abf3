package dev.weir.auth.testing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Calls at one moment, each from a thread of its own; their results in the order of the calls. */
public final class Together {
  private Together() {}

  public static <T> List<T> call(int calls, IntFunction<T> call) {
    return call(IntStream.range(0, calls).<Supplier<T>>mapToObj(i -> () -> call.apply(i)).toList());
  }

  public static <T> List<T> call(List<Supplier<T>> calls) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          calls.stream().map(call -> CompletableFuture.supplyAsync(call, threads)).toList();
      return running.stream().map(CompletableFuture::join).toList();
    }
  }
}

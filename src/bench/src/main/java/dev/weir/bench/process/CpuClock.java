package dev.weir.bench.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * CPU time of another process in nanoseconds, threads that ended meanwhile included.
 *
 * <p>/proc/PID/stat counts in ticks of 10 ms, one per cent of a second's run; /proc/PID/task
 * forgets a compiler thread that ended. The kernel's own clock of a process
 * (clock_getcpuclockid(3)) does neither. Where it cannot be read, ticks have to do.
 */
final class CpuClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  // Linux has reported in hundredths of a second for as long as /proc has been there (USER_HZ).
  private static final long NANOS_PER_TICK = 10_000_000L;
  private static final int PROCESS_SCHEDULER_CLOCK = 2;

  @SuppressWarnings("restricted") // the signature is that of clock_gettime(2)
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private CpuClock() {}

  static long nanos(long pid) throws IOException {
    long nanos = read((int) (~pid << 3) | PROCESS_SCHEDULER_CLOCK);
    return nanos >= 0 ? nanos : ProcStatus.ticks(ProcStatus.stat(pid)) * NANOS_PER_TICK;
  }

  private static long read(int clock) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int result = (int) CLOCK_GETTIME.invokeExact(clock, time);
      return result == 0
          ? time.getAtIndex(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
              + time.getAtIndex(ValueLayout.JAVA_LONG, 1)
          : -1;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("clock_gettime", e);
    }
  }
}

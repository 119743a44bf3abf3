package dev.weir.auth.problem;

/**
 * Carries a {@link Problem} through a reactive chain; stackless, because a refusal is no fault of
 * the code.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Refused(Problem problem) {
    super(problem.error().code(), null, false, false);
    this.problem = problem;
  }

  public static Refused of(AuthError error) {
    return Problem.of(error).refuse();
  }

  public Problem problem() {
    return problem;
  }
}

package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.testing.LeakCheck;
import dev.weir.auth.testing.TestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every endpoint that is served, with its success and its failures, against the page in docs/. */
@ExtendWith(LeakCheck.class)
class EndpointTableIT {
  private static final Path PAGE = Path.of("..", "docs", "endpoints.md");

  private final TestSystem system = TestSystem.shared();

  @Test
  void everyEndpointAnswersAsItsPageSays() throws IOException, SQLException {
    var table = new EndpointTable();
    new EntranceChapter(system, table).run();
    new SessionChapter(system, table).run();
    new SettingsChapter(system, table).run();
    new RecoveryChapter(system, table).run();
    new AdministrationChapter(system, table).run();
    new FactorChapter(system, table).run();
    new PasskeyChapter(system, table).run();
    new SecondPasskeyChapter(system, table).run();
    new ProofChapter(system, table).run();
    new ClientChapter(system, table).run();

    assertThat(table.endpoints()).containsExactlyInAnyOrderElementsOf(served());
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.writeString(PAGE, table.markdown());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(table.markdown());
    new OpenApiDocument(system.client().get("/openapi.json").json()).describes(table.statuses());
  }

  private List<String> served() {
    return Arrays.stream(system.context().getBeanNamesForType(List.class))
        .map(system.context()::getBean)
        .flatMap(bean -> ((List<?>) bean).stream())
        .filter(Endpoint.class::isInstance)
        .map(Endpoint.class::cast)
        .map(endpoint -> endpoint.method().name() + " " + endpoint.pattern())
        .toList();
  }
}

package dev.weir.auth.session;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.RequestFacts;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Where a request comes from, for the audit record. */
public record Origin(String address, String traceId) {

  public static Origin of(ServerRequest request, ClientAddresses addresses) {
    var facts = RequestFacts.of(request.exchange());
    return new Origin(addresses.of(request).getHostAddress(), facts.traceId());
  }

  /** Returns the event of something that happened to this person. */
  public AuditEvent event(AuditAction action, UUID subject) {
    return event(action, Optional.of(subject), Optional.empty());
  }

  public AuditEvent event(AuditAction action, Optional<UUID> subject, Optional<UUID> session) {
    return new AuditEvent(action, subject, session, address, traceId);
  }
}

package dev.weir.auth.session;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Notices;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import java.time.InstantSource;

/** What sessions stand on, gathered so that no constructor takes nine parameters. */
public record SessionServices(
    Database database,
    Keys keys,
    Accounts accounts,
    AuditLog audit,
    Outbox outbox,
    Notices notices,
    OutboxWorker worker,
    RevocationFeed feed,
    AuthMetrics metrics,
    InstantSource clock) {}

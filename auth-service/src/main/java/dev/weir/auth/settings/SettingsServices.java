package dev.weir.auth.settings;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.account.Notices;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.throttle.Throttle;

/** What people change their own account with. */
public record SettingsServices(
    Database database,
    Accounts accounts,
    AccountChanges changes,
    Credentials credentials,
    OneTimeCodes codes,
    Invitations invitations,
    Notices notices,
    AuditLog audit,
    Sessions sessions,
    Callers callers,
    Throttle throttle,
    ClientAddresses addresses,
    AuthMetrics metrics) {}

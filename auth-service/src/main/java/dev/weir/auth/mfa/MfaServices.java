package dev.weir.auth.mfa;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Notices;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.factor.PasskeyChallenges;
import dev.weir.auth.factor.PasskeyChecks;
import dev.weir.auth.factor.Passkeys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.KnownClients;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.throttle.Throttle;

/** What the journeys of second factors stand on. */
public record MfaServices(
    Database database,
    Accounts accounts,
    Factors factors,
    Passkeys passkeys,
    PasskeyChecks checks,
    PasskeyChallenges passkeyChallenges,
    Challenges challenges,
    Notices notices,
    AuditLog audit,
    Sessions sessions,
    KnownClients known,
    Callers callers,
    CsrfGuard csrf,
    TokenAnswer answer,
    Throttle throttle,
    ClientAddresses addresses,
    AuthMetrics metrics) {}

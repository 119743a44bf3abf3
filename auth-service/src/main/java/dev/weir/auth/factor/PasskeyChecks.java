package dev.weir.auth.factor;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Checks what authenticators answer (Web Authentication Level 3 §7), with WebAuthn4J, which nobody
 * else imports. The user must have been verified, always: that is what makes a passkey two factors.
 * Attestation is not asked for; who made an authenticator is not known here, nor wanted.
 */
public final class PasskeyChecks {
  private static final List<PublicKeyCredentialParameters> ALGORITHMS =
      List.of(algorithm(COSEAlgorithmIdentifier.ES256), algorithm(COSEAlgorithmIdentifier.RS256));

  private final ObjectConverter converter = new ObjectConverter();
  private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(converter);
  private final RelyingParty relyingParty;
  private final Set<Origin> origins;

  public PasskeyChecks(RelyingParty relyingParty) {
    this.relyingParty = relyingParty;
    this.origins =
        relyingParty.origins().stream().map(Origin::new).collect(Collectors.toUnmodifiableSet());
  }

  public RelyingParty relyingParty() {
    return relyingParty;
  }

  /**
   * Returns the passkey that an authenticator says it has made; empty where anything about it is
   * wrong.
   *
   * @param isOurs tells our challenges from all others
   */
  public Optional<Registered> registered(String json, Predicate<byte[]> isOurs) {
    try {
      var data = manager.parseRegistrationResponseJSON(json);
      var challenge = challenge(data);
      if (!isOurs.test(challenge)) {
        return Optional.empty();
      }
      var verified =
          manager.verify(
              data, new RegistrationParameters(server(challenge), ALGORITHMS, true, true));
      return Optional.of(new Registered(challenge, passkey(verified)));
    } catch (RuntimeException unsound) {
      // The library has many exceptions for what strangers send; each means no.
      return Optional.empty();
    }
  }

  /** Reads an assertion, and believes none of it. */
  @SuppressWarnings("NullAway") // the library calls bytes of its arrays nullable
  public Optional<Presented> read(String json) {
    try {
      var data = manager.parseAuthenticationResponseJSON(json);
      var challenge =
          Objects.requireNonNull(data.getCollectedClientData()).getChallenge().getValue();
      var handle = Optional.ofNullable(data.getUserHandle()).orElse(new byte[0]);
      var id = Objects.requireNonNull(data.getCredentialId());
      return Optional.of(new Presented(data, id, handle, challenge));
    } catch (RuntimeException unsound) {
      return Optional.empty();
    }
  }

  /** Checks an assertion against the passkey that it names. */
  public Outcome check(Presented presented, StoredPasskey stored) {
    var held =
        new CredentialRecordImpl(
            null,
            true,
            stored.backupEligible(),
            stored.backedUp(),
            stored.signCount(),
            credentials.convert(stored.credential()),
            null,
            null,
            null,
            null);
    try {
      var verified =
          manager.verify(
              presented.data(),
              new AuthenticationParameters(
                  server(presented.challenge()),
                  held,
                  List.of(presented.credentialId()),
                  true,
                  true));
      var authenticator = Objects.requireNonNull(verified.getAuthenticatorData());
      return new Outcome.Held(authenticator.getSignCount(), authenticator.isFlagBS());
    } catch (MaliciousCounterValueException copied) {
      return new Outcome.Copied();
    } catch (RuntimeException wrong) {
      return new Outcome.Wrong();
    }
  }

  private NewPasskey passkey(RegistrationData verified) {
    var authenticator =
        Objects.requireNonNull(verified.getAttestationObject()).getAuthenticatorData();
    var credential = Objects.requireNonNull(authenticator.getAttestedCredentialData());
    var transports = Optional.ofNullable(verified.getTransports()).orElse(Set.of());
    return new NewPasskey(
        credential.getCredentialId(),
        credentials.convert(credential),
        authenticator.getSignCount(),
        authenticator.isFlagBE(),
        authenticator.isFlagBS(),
        transports.stream().map(AuthenticatorTransport::getValue).limit(8).sorted().toList());
  }

  private ServerProperty server(byte[] challenge) {
    return ServerProperty.builder()
        .origins(origins)
        .rpId(relyingParty.id())
        .challenge(new DefaultChallenge(challenge))
        .build();
  }

  private static byte[] challenge(RegistrationData data) {
    return Objects.requireNonNull(data.getCollectedClientData()).getChallenge().getValue();
  }

  private static PublicKeyCredentialParameters algorithm(COSEAlgorithmIdentifier algorithm) {
    return new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm);
  }

  /** A passkey that held, and the challenge that it answers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Registered(byte[] challenge, NewPasskey passkey) {}

  /** What somebody sent to log in with. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Presented(
      AuthenticationData data, byte[] credentialId, byte[] userHandle, byte[] challenge) {}

  /** How a check went. */
  public sealed interface Outcome {
    /** It is the holder. */
    record Held(long signCount, boolean backedUp) implements Outcome {}

    /** The signature holds, but the counter says that there are two of this authenticator. */
    record Copied() implements Outcome {}

    /** It is not. */
    record Wrong() implements Outcome {}
  }
}

package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One side of an exchange of descriptions, without anything below it: it has credentials to write, and changes them
/// with ICE restarts.
final class Negotiator {
    final Negotiation negotiation;
    private final Random random;
    private IceCredentials credentials;
    private @Nullable IceCredentials next;
    private IceCredentials written;
    private IceCredentials described;

    Negotiator(long seed) {
        this(seed, BundlePolicy.MAX_COMPAT);
    }

    Negotiator(long seed, BundlePolicy policy) {
        this.random = new Random(seed);
        this.negotiation = new Negotiation(new Random(seed), "c" + seed, policy);
        this.credentials = IceCredentials.generate(random);
        this.written = credentials;
        this.described = credentials;
    }

    private LocalTransport transport() {
        if (negotiation.nextNeedsCredentials() && next == null) {
            next = IceCredentials.generate(random);
        }
        written = negotiation.nextNeedsCredentials() && next != null ? next : credentials;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1_000);
        return new LocalTransport(
                written,
                List.of(Candidate.host(address, 65_535)),
                true,
                Fingerprint.of("sha-256", new byte[32]),
                5_000,
                1 << 20);
    }

    SignalingState state() {
        return negotiation.state();
    }

    List<Section> sections() {
        return negotiation.sections();
    }

    /// Creates an offer and sets it.
    String offer() {
        String offer = negotiation.createOffer(transport());
        set(SdpKind.OFFER, offer);
        return offer;
    }

    String createOffer() {
        return negotiation.createOffer(transport());
    }

    String createAnswer() {
        return negotiation.createAnswer(transport());
    }

    /// Creates an answer and sets it, as a final or a provisional one.
    String answer(SdpKind kind) {
        String answer = negotiation.createAnswer(transport());
        set(kind, answer);
        return answer;
    }

    void set(SdpKind kind, String text) {
        negotiation.setLocal(kind, text);
        described = kind == SdpKind.ROLLBACK ? credentials : written;
        settle();
    }

    void take(SdpKind kind, String text) {
        negotiation.setRemote(kind, kind == SdpKind.ROLLBACK ? RemoteDescription.NONE : DescriptionReader.read(text));
        if (kind == SdpKind.ROLLBACK || kind == SdpKind.OFFER) {
            described = credentials;
            next = null;
        }
        settle();
    }

    void rollBack() {
        set(SdpKind.ROLLBACK, "");
        next = null;
    }

    private void settle() {
        if (!state().isOffered()) {
            next = described.equals(credentials) ? next : null;
            credentials = described;
        }
    }

    /// A whole exchange.
    ///
    /// @return the answer
    String exchangeWith(Negotiator other) {
        other.take(SdpKind.OFFER, offer());
        String answer = other.answer(SdpKind.ANSWER);
        take(SdpKind.ANSWER, answer);
        return answer;
    }
}

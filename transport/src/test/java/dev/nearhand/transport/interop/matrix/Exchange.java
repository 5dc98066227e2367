package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.IceCandidate;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.SessionDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// One connection between ours and another program.
final class Exchange implements AutoCloseable {
    private static final AtomicInteger LAST = new AtomicInteger();

    private final Peer peer;
    private final Role role;
    private final boolean trickle;
    private final Ours ours;
    private final String pc = "c" + LAST.incrementAndGet();
    private final List<IceCandidate> early = new ArrayList<>();
    private boolean established;
    private boolean described;

    /// @param trickle whether every candidate goes by itself, after the descriptions
    Exchange(Peer peer, PeerConfig config, Role role, boolean trickle) {
        this.peer = peer;
        this.role = role;
        this.trickle = trickle;
        this.ours = new Ours(config);
        if (trickle) {
            ours.onCandidate(this::found);
        }
    }

    Ours ours() {
        return ours;
    }

    /// The name of the connection at the driver.
    String pc() {
        return pc;
    }

    /// Exchanges descriptions in the roles of this connection; for a connection that stands, that negotiates again.
    ///
    /// @param more arguments of the driver's `offer` or `answer`
    void describe(Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("pc", pc);
        arguments.put("trickle", trickle);
        switch (role) {
            case WE_OFFER -> weOffer(arguments);
            case THEY_OFFER -> theyOffer(arguments);
        }
        established = true;
    }

    private void weOffer(Map<String, Object> arguments) {
        if (!established) {
            ours.openMain();
        }
        String offer = ours.offer().sdp();
        arguments.put("sdp", withoutCandidates(offer));
        String answer = peer.call("answer", arguments).path("sdp").asText();
        ours.connection().setRemoteDescription(SessionDescription.answer(withoutCandidates(answer)));
        candidatesByThemselves(offer, answer);
    }

    private void theyOffer(Map<String, Object> arguments) {
        String offer = peer.call("offer", arguments).path("sdp").asText();
        String answer = ours.answer(withoutCandidates(offer)).sdp();
        peer.call("accept", Map.of("pc", pc, "sdp", withoutCandidates(answer)));
        candidatesByThemselves(answer, offer);
    }

    private String withoutCandidates(String sdp) {
        return trickle ? stripped(sdp) : sdp;
    }

    /// The description without its candidates.
    static String stripped(String sdp) {
        return sdp.lines()
                .filter(line -> !line.startsWith("a=candidate:") && !line.startsWith("a=end-of-candidates"))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private void candidatesByThemselves(String ourSdp, String theirSdp) {
        if (trickle) {
            tellEarlyOnes();
            String mid = firstMid(ourSdp);
            candidates(ourSdp).forEach(candidate -> tellThem(candidate, mid));
            candidates(theirSdp).forEach(ours.connection()::addRemoteCandidate);
            peer.listen("candidate", pc, this::theyTell);
        }
    }

    /// They can take none before they have a description.
    private void found(IceCandidate candidate) {
        synchronized (early) {
            if (!described) {
                early.add(candidate);
                return;
            }
        }
        tellThem(candidate.candidate(), candidate.sdpMid());
    }

    private void tellEarlyOnes() {
        List<IceCandidate> waiting;
        synchronized (early) {
            described = true;
            waiting = List.copyOf(early);
        }
        waiting.forEach(candidate -> tellThem(candidate.candidate(), candidate.sdpMid()));
    }

    private void tellThem(String candidate, String mid) {
        if (!candidate.isEmpty()) {
            peer.call("candidate", Map.of("pc", pc, "candidate", candidate, "mid", mid));
        }
    }

    private void theyTell(JsonNode event) {
        String candidate = event.path("candidate").asText();
        if (!candidate.isEmpty()) {
            ours.connection().addRemoteCandidate(candidate);
        }
    }

    /// Those of the description, as they are told by themselves.
    static List<String> candidates(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .map(line -> line.substring("a=".length()))
                .distinct()
                .toList();
    }

    private static String firstMid(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("a=mid:"))
                .map(line -> line.substring("a=mid:".length()))
                .findFirst()
                .orElse("0");
    }

    /// Waits until words go both ways.
    void awaitConnected() {
        ours.awaitOpen();
        peer.await("open", pc, _ -> true, Peer.PATIENCE);
        ours.ping("connected");
    }

    @Override
    public void close() {
        ours.close();
        try {
            peer.call("close", Map.of("pc", pc));
        } catch (StepException gone) {
            // the next connection will tell
        }
    }
}

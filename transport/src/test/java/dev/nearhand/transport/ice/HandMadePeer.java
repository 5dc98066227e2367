package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The other side of one agent, message by message: for tests that need to say what no decent agent would.
final class HandMadePeer {
    static final InetSocketAddress LOCAL = at("192.0.2.1");
    static final InetSocketAddress REMOTE = at("192.0.2.2");
    static final InetSocketAddress OTHER_REMOTE = at("192.0.2.3");
    private static final StunAttribute.Priority PRIORITY = new StunAttribute.Priority(0x6E00_00FFL);

    /// A message that the agent has sent.
    record Sent(Path path, StunMessage message, StunParse.Received received) {
        boolean isRequest() {
            return message.messageClass() == StunClass.REQUEST;
        }
    }

    final IceCredentials ofAgent = new IceCredentials("agentFrag", "agentPasswordOf22Chars+");
    final IceCredentials own = new IceCredentials("peerFrag", "peerPasswordOf22Chars+/");
    final StunKey agentKey = StunKey.shortTerm(ofAgent.pwd());
    final StunKey ownKey = StunKey.shortTerm(own.pwd());
    final IceAgent agent;
    long now = 1_000_000;
    private long ids;

    HandMadePeer(IceRole role) {
        agent = new IceAgent(role, ofAgent, new Random(3), IceConfig.defaults());
        agent.addLocalCandidate(now, Candidate.host(LOCAL, 65_535));
    }

    void signal(InetSocketAddress... addresses) {
        agent.setRemoteCredentials(now, own);
        int preference = 65_535;
        for (InetSocketAddress address : addresses) {
            agent.addRemoteCandidate(now, Candidate.host(address, preference--));
        }
    }

    StunMessage check(StunAttribute... more) {
        List<StunAttribute> attributes =
                new ArrayList<>(List.of(new StunAttribute.Username(ofAgent.ufrag() + ":" + own.ufrag()), PRIORITY));
        attributes.addAll(List.of(more));
        return new StunMessage(StunClass.REQUEST, StunMessage.BINDING, new TransactionId(9, ++ids), attributes);
    }

    /// Sends a check from `source` and answers what the agent sends at once.
    List<Sent> checks(InetSocketAddress source, StunAttribute... more) {
        return sends(source, bytes(check(more), agentKey));
    }

    List<Sent> sends(InetSocketAddress source, byte[] datagram) {
        agent.handleDatagram(now, ByteBuffer.wrap(datagram), new Path(LOCAL, source));
        return drain();
    }

    /// Answers a request of the agent as it should be, and returns what the agent sends then.
    List<Sent> answers(Sent request) {
        return answers(request, request.path, success(request), ownKey);
    }

    List<Sent> answers(Sent request, Path on, StunMessage answer, StunKey key) {
        agent.handleDatagram(now, ByteBuffer.wrap(bytes(answer, key)), on);
        return drain();
    }

    static StunMessage success(Sent request) {
        return StunMessage.binding(
                StunClass.SUCCESS_RESPONSE,
                request.message.transactionId(),
                new StunAttribute.XorMappedAddress(request.path.local()));
    }

    static StunMessage error(Sent request, int code) {
        return StunMessage.binding(
                StunClass.ERROR_RESPONSE,
                request.message.transactionId(),
                new StunAttribute.ErrorCode(code, "because"));
    }

    List<Sent> afterMillis(long millis) {
        now += millis * 1_000_000;
        agent.handleTimeout(now);
        return drain();
    }

    List<Sent> drain() {
        List<Sent> sent = new ArrayList<>();
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (Transmit next = agent.pollTransmit(now, lent); next != null; next = agent.pollTransmit(now, lent)) {
            byte[] copy = new byte[next.lengthBytes()];
            lent.flip().get(copy);
            lent.clear();
            if (!(StunMessage.parse(ByteBuffer.wrap(copy)) instanceof StunParse.Received received)) {
                throw new AssertionError("the agent sent what is no STUN");
            }
            sent.add(new Sent(next.path(), received.message(), received));
        }
        return sent;
    }

    static byte[] bytes(StunMessage message, @Nullable StunKey key) {
        ByteBuffer into = ByteBuffer.allocate(2_048);
        if (key == null) {
            message.write(into);
        } else {
            message.write(into, key);
        }
        byte[] bytes = new byte[into.position()];
        into.flip().get(bytes);
        return bytes;
    }

    static InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 5_000);
    }
}

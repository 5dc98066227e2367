package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Tells for which of the connections that share one UDP port a datagram is.
///
/// A request goes by the fragment of this side in its USERNAME ([RFC 8445 section
/// 7.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.3)), an answer by its transaction, and all else by the address
/// it comes from. An address belongs to the connection that has last answered a check from there with a success, which
/// an agent does for who knows its password only: so nobody moves an address by forging it. What belongs to nobody is
/// a counted drop.
///
/// Verifies nothing itself and sends nothing. Two connections to the same address of the other side cannot be told
/// apart once they send more than STUN. Single-threaded.
///
/// @param <C> a connection, told apart by `equals`
public final class PortRoutes<C> {
    /// Further connections are refused.
    public static final int CONNECTIONS_LIMIT = 1_024;

    /// Of a connection: those of now, of a restart that is being negotiated and of one that has been; older ones go.
    static final int UFRAGS_LIMIT = 4;

    /// Of a connection, as many as it has remote candidates at most; the address that was confirmed longest ago goes.
    static final int ADDRESSES_LIMIT = 64;

    /// Of a connection, more than it has checks under way; the oldest question goes.
    static final int QUESTIONS_LIMIT = 512;

    /// The first byte of STUN is less (RFC 7983 section 7).
    private static final int STUN_END = 4;

    private static final class Known {
        final LinkedHashSet<String> ufrags = new LinkedHashSet<>();
        final LinkedHashSet<InetSocketAddress> addresses = new LinkedHashSet<>();
        final LinkedHashMap<TransactionId, InetSocketAddress> questions = new LinkedHashMap<>();
    }

    private final Map<C, Known> connections = new HashMap<>();
    private final Map<String, C> byUfrag = new HashMap<>();
    private final Map<InetSocketAddress, C> byAddress = new HashMap<>();
    private final Map<TransactionId, C> byQuestion = new HashMap<>();
    private final Counters counters = new Counters();

    /// Whether there was room for it.
    public boolean add(C connection) {
        if (connections.size() == CONNECTIONS_LIMIT) {
            counters.count("refused.tooManyConnections");
            return false;
        }
        connections.putIfAbsent(connection, new Known());
        return true;
    }

    /// What still comes for it belongs to nobody from now on.
    public void remove(C connection) {
        Known gone = connections.remove(connection);
        if (gone != null) {
            gone.ufrags.forEach(ufrag -> byUfrag.remove(ufrag, connection));
            gone.addresses.forEach(address -> byAddress.remove(address, connection));
            gone.questions.keySet().forEach(byQuestion::remove);
        }
    }

    public int size() {
        return connections.size();
    }

    /// The connections there are, for whoever has to tell them something.
    public List<C> connections() {
        return List.copyOf(connections.keySet());
    }

    /// Tells by which fragments the other side may call a connection now; those of before are known on for a while.
    public void identify(C connection, Collection<String> ufrags) {
        Known known = connections.get(connection);
        if (known == null) {
            return;
        }
        for (String ufrag : ufrags) {
            C owner = byUfrag.putIfAbsent(ufrag, connection);
            if (owner != null && !owner.equals(connection)) {
                counters.count("ignored.ufragTaken"); // 48 random bits: the other side's checks then go astray
                continue;
            }
            known.ufrags.remove(ufrag);
            known.ufrags.add(ufrag);
        }
        while (known.ufrags.size() > UFRAGS_LIMIT) {
            byUfrag.remove(known.ufrags.removeFirst(), connection);
        }
    }

    /// Sees what a connection sends: by that it is learned what will be answered, and whom it has recognized.
    ///
    /// @param borrowed is not changed
    public void onSend(C connection, ByteBuffer borrowed, InetSocketAddress to) {
        Known known = connections.get(connection);
        if (known == null
                || !isStun(borrowed)
                || !(StunMessage.parse(borrowed.duplicate()) instanceof StunParse.Received sent)) {
            return;
        }
        StunMessage message = sent.message();
        if (message.messageClass() == StunClass.REQUEST) {
            ask(connection, known, message.transactionId(), to);
        } else if (message.messageClass() == StunClass.SUCCESS_RESPONSE && message.method() == StunMessage.BINDING) {
            bind(connection, known, to);
        }
    }

    private void ask(C connection, Known known, TransactionId id, InetSocketAddress to) {
        C owner = byQuestion.putIfAbsent(id, connection);
        if (owner != null && !owner.equals(connection)) {
            return;
        }
        known.questions.put(id, to);
        if (known.questions.size() > QUESTIONS_LIMIT) {
            byQuestion.remove(known.questions.pollFirstEntry().getKey());
        }
    }

    private void bind(C connection, Known known, InetSocketAddress address) {
        C before = byAddress.put(address, connection);
        if (before != null && !before.equals(connection)) {
            counters.count("moved.addresses");
            Known loser = connections.get(before);
            if (loser != null) {
                loser.addresses.remove(address);
            }
        }
        known.addresses.remove(address);
        known.addresses.add(address);
        if (known.addresses.size() > ADDRESSES_LIMIT) {
            byAddress.remove(known.addresses.removeFirst(), connection);
        }
    }

    /// The connection that a datagram is for; null for none of them, which has been counted then.
    ///
    /// @param borrowed is not changed
    public @Nullable C find(ByteBuffer borrowed, InetSocketAddress from) {
        if (!isStun(borrowed)) {
            return known(from, "dropped.unknownAddress");
        }
        return switch (StunMessage.parse(borrowed.duplicate())) {
            case StunParse.Refused _ -> known(from, "dropped.malformed");
            case StunParse.Received received ->
                switch (received.message().messageClass()) {
                    case REQUEST -> asked(received.message(), from);
                    case INDICATION -> known(from, "dropped.unknownAddress");
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> answered(received.message(), from);
                };
        };
    }

    private @Nullable C known(InetSocketAddress from, String otherwise) {
        C owner = byAddress.get(from);
        if (owner == null) {
            counters.count(otherwise);
        }
        return owner;
    }

    /// The agent verifies it. An address that has come to another connection tells so itself; one that calls for nobody
    /// is refused by the connection it belongs to.
    private @Nullable C asked(StunMessage request, InetSocketAddress from) {
        StunAttribute.Username username = request.find(StunAttribute.Username.class);
        int colon = username == null ? -1 : username.value().indexOf(':');
        C called = username == null || colon < 0
                ? null
                : byUfrag.get(username.value().substring(0, colon));
        return called != null ? called : known(from, "dropped.unknownUfrag");
    }

    private @Nullable C answered(StunMessage answer, InetSocketAddress from) {
        C asker = byQuestion.get(answer.transactionId());
        Known known = asker == null ? null : connections.get(asker);
        if (asker == null || known == null) {
            return known(from, "dropped.unknownTransaction");
        }
        InetSocketAddress asked = known.questions.get(answer.transactionId());
        if (from.equals(asked)) {
            byQuestion.remove(answer.transactionId());
            known.questions.remove(answer.transactionId());
            if (answer.messageClass() == StunClass.SUCCESS_RESPONSE && !byAddress.containsKey(from)) {
                bind(asker, known, from); // a lite agent never asks; what is another's already stays it
            }
        }
        return asker;
    }

    private static boolean isStun(ByteBuffer datagram) {
        return datagram.hasRemaining() && (datagram.get(datagram.position()) & 0xFF) < STUN_END;
    }

    public SortedMap<String, Long> counters() {
        return counters.snapshot();
    }
}

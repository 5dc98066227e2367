package dev.nearhand.transport.netty;

import dev.nearhand.transport.mdns.MdnsAnswer;
import dev.nearhand.transport.mdns.MdnsMessage;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks the local link for the addresses behind `.local` names of remote candidates (RFC 6762), over IPv4.
///
/// Listens only while a question is open. Belongs to one event loop. A name that nobody answers for is forgotten: the
/// checks of the other side tell its address anyway.
final class MdnsLookup {
    /// Questions open at a time; further ones are ignored.
    static final int NAMES_LIMIT = 16;

    private static final int[] ASK_AT_MILLIS = {0, 300, 1_000, 2_500};
    private static final int FORGET_AT_MILLIS = 5_000;

    private final EventLoop loop;
    private final List<NetworkInterface> interfaces;
    private final Map<String, Consumer<InetAddress>> open = new HashMap<>();
    private @Nullable MdnsSocket socket;

    MdnsLookup(EventLoop loop, List<NetworkInterface> interfaces) {
        this.loop = loop;
        this.interfaces = interfaces;
    }

    /// Asks for a name. `onAddress` runs on the loop, once for each address that is told while the question is open.
    void resolve(String hostName, Consumer<InetAddress> onAddress) {
        String name = hostName.toLowerCase(Locale.ROOT);
        if (!MdnsMessage.isAskable(name) || open.size() == NAMES_LIMIT || open.putIfAbsent(name, onAddress) != null) {
            return;
        }
        if (socket == null) {
            socket = MdnsSocket.open(loop, interfaces, this::onMessage);
        }
        if (socket == null) {
            open.clear();
            return;
        }
        for (int millis : ASK_AT_MILLIS) {
            loop.schedule(() -> ask(name), millis, TimeUnit.MILLISECONDS);
        }
        loop.schedule(() -> forget(name), FORGET_AT_MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() {
        open.clear();
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void ask(String name) {
        if (socket == null || !open.containsKey(name)) {
            return;
        }
        ByteBuffer question = ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES);
        MdnsMessage.writeQuestion(name, question);
        socket.ask(question.flip());
    }

    private void forget(String name) {
        open.remove(name);
        if (open.isEmpty()) {
            close();
        }
    }

    private void onMessage(ByteBuffer borrowed, InetAddress from) {
        for (MdnsAnswer answer : MdnsMessage.answers(borrowed)) {
            Consumer<InetAddress> waiting = open.get(answer.hostName());
            if (waiting != null) {
                waiting.accept(answer.address());
            }
        }
    }
}

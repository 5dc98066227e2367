package dev.nearhand.transport.netty;

import dev.nearhand.transport.mdns.ServiceBrowser;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs one [ServiceBrowser]: its socket and its timer. Belongs to one event loop.
final class ServiceBrowse {
    private final long startNanos = System.nanoTime();
    private final ServiceBrowser browser;
    private final List<LocalLink> links;
    private final Consumer<ServiceBrowser.Found> onFound;
    private final Runnable onEnd;
    private final LoopTimer timer;
    private final @Nullable MdnsSocket socket;
    private boolean closed;

    /// Begins to look. Everything that is passed here is called on the loop.
    ///
    /// @param onEnd when nothing more will be found; not when it is closed before
    ServiceBrowse(
            EventLoop loop,
            List<NetworkInterface> interfaces,
            List<String> types,
            Consumer<ServiceBrowser.Found> onFound,
            Runnable onEnd) {
        this.browser = new ServiceBrowser(0, types);
        this.links = interfaces.stream().map(LocalLink::of).toList();
        this.onFound = onFound;
        this.onEnd = onEnd;
        this.timer = new LoopTimer(loop, this::now, _ -> settle());
        this.socket = interfaces.isEmpty() ? null : MdnsSocket.open(loop, interfaces, this::onMessage);
        loop.execute(this::settle);
    }

    private long now() {
        return System.nanoTime() - startNanos;
    }

    /// "MUST silently ignore any … packets" from further away than the link (RFC 6762 section 11).
    private void onMessage(ByteBuffer borrowed, InetAddress from) {
        if (!closed && links.stream().anyMatch(link -> link.reaches(from))) {
            browser.handleDatagram(borrowed);
            settle();
        }
    }

    private void settle() {
        if (closed) {
            return;
        }
        browser.handleTimeout(now());
        ByteBuffer question = ByteBuffer.allocate(ServiceBrowser.MAX_QUESTION_BYTES);
        while (socket != null && browser.pollQuestion(question)) {
            socket.ask(question.flip());
            question.clear();
        }
        for (ServiceBrowser.Found next = browser.pollFound(); next != null; next = browser.pollFound()) {
            onFound.accept(next);
        }
        if (socket == null || browser.isOver()) {
            close();
            onEnd.run();
        } else {
            timer.wakeAt(browser.nextTimeoutNanos());
        }
    }

    void close() {
        closed = true;
        timer.cancel();
        if (socket != null) {
            socket.close();
        }
    }
}

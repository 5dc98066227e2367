package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.IncomingResetRequest;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.OutgoingResetRequest;
import dev.nearhand.transport.sctp.packet.Parameter;
import dev.nearhand.transport.sctp.packet.ReconfigChunk;
import dev.nearhand.transport.sctp.packet.ReconfigResponse;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Serial32;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Resets streams, in both directions ([RFC 6525](https://www.rfc-editor.org/rfc/rfc6525)); that is how a data channel
/// is closed. Adding streams and resetting TSNs are refused.
final class StreamReset {
    /// Streams in one request, so that it fits a packet; more wait for the next one.
    private static final int STREAMS_PER_REQUEST = 128;

    /// Requests of the peer that wait for data still on its way; more are denied.
    private static final int DEFERRED_LIMIT = 8;

    /// A request of the peer that waits for data still on its way.
    private static final class Deferred {
        private final OutgoingResetRequest request;
        /// The peer asked twice, and knows that it must ask once more.
        private boolean toldInProgress;

        private Deferred(OutgoingResetRequest request) {
            this.request = request;
        }
    }

    private final SendQueue queue;
    private final ControlQueue control;
    private final EventQueue events;
    private final TimerTable<SctpTimer> timers;
    private final RetransmissionTimeout timeout;
    private final PathErrors errors;
    private final Counters counters;

    /// Streams to reset once they are drained, at most 65,535.
    private final Set<Integer> wanted = new LinkedHashSet<>();
    private final ArrayDeque<Deferred> deferred = new ArrayDeque<>();

    private boolean supported;
    private int nextRequest;
    private @Nullable OutgoingResetRequest outstanding;

    /// The peer answered "in progress": it is asked again under a new number, because some stacks repeat the answer
    /// they gave to an old one. From then on only the answer to the new number counts.
    private boolean repeatWithNewNumber;
    private int nextPeerRequest;
    private int lastResult = ReconfigResponse.PERFORMED;
    /// What was performed after the peer had been told "in progress": the same comes once more under the next number.
    private @Nullable OutgoingResetRequest performedInSilence;

    StreamReset(
            SendQueue queue,
            ControlQueue control,
            EventQueue events,
            TimerTable<SctpTimer> timers,
            RetransmissionTimeout timeout,
            PathErrors errors,
            Counters counters) {
        this.queue = queue;
        this.control = control;
        this.events = events;
        this.timers = timers;
        this.timeout = timeout;
        this.errors = errors;
        this.counters = counters;
    }

    /// "Re-configuration Request Sequence Number … is initialized to the initial TSN" (section 4.1), on both sides.
    void start(int localInitialTsn, PeerTerms peer) {
        supported = peer.reconfig();
        nextRequest = localInitialTsn;
        nextPeerRequest = peer.initialTsn();
        outstanding = null;
        performedInSilence = null;
        repeatWithNewNumber = false;
        deferred.clear();
        timers.clear(SctpTimer.RECONFIG);
    }

    /// Stops streams and resets them once what waits on them has been sent.
    void request(Collection<Integer> streamIds) {
        for (int id : streamIds) {
            queue.beginReset(id);
            wanted.add(id);
        }
    }

    /// Asks for what can be asked for now. Called before packets are made, in states that carry data.
    void update(long nowNanos, DataSender sender) {
        if (wanted.isEmpty() || outstanding != null) {
            return;
        }
        List<Integer> drained = new ArrayList<>();
        for (Iterator<Integer> each = wanted.iterator(); each.hasNext() && drained.size() < STREAMS_PER_REQUEST; ) {
            int id = each.next();
            if (queue.isDrained(id)) {
                drained.add(id);
                each.remove();
            }
        }
        if (drained.isEmpty()) {
            return;
        }
        if (!supported) {
            drained.forEach(id -> queue.endReset(id, false));
            events.add(new SctpEvent.StreamsResetFailed(drained, "the peer knows no RE-CONFIG"));
            return;
        }
        send(nowNanos, new OutgoingResetRequest(nextRequest++, nextPeerRequest - 1, sender.nextTsn() - 1, drained));
    }

    /// No answer came in time, or it is time to ask again.
    void onTimeout(long nowNanos) {
        OutgoingResetRequest request = outstanding;
        if (request == null) {
            return;
        }
        if (repeatWithNewNumber) {
            repeatWithNewNumber = false;
            request = new OutgoingResetRequest(
                    nextRequest++, nextPeerRequest - 1, request.lastTsn(), request.streamIds());
        } else {
            errors.onTimeout();
            timeout.backOff();
        }
        send(nowNanos, request);
    }

    void onReconfig(long nowNanos, ReconfigChunk chunk, Receiver receiver) {
        for (Parameter parameter : chunk.parameters()) {
            switch (parameter) {
                case OutgoingResetRequest request -> onOutgoing(request, receiver);
                case IncomingResetRequest request -> onIncoming(request);
                case ReconfigResponse response -> onResponse(nowNanos, response);
                case OtherParameter other -> onOther(other);
            }
        }
    }

    /// More data has arrived: what was put off may be done now.
    void onCumulativeTsn(Receiver receiver) {
        for (Deferred next = deferred.peek();
                next != null && isReached(next.request, receiver);
                next = deferred.peek()) {
            deferred.remove();
            perform(next.request, receiver);
            if (next.request.requestSequence() == nextPeerRequest - 1) {
                lastResult = ReconfigResponse.PERFORMED;
            }
            if (next.toldInProgress) {
                performedInSilence = next.request;
            } else {
                respond(next.request.requestSequence(), ReconfigResponse.PERFORMED);
            }
        }
    }

    private static boolean isReached(OutgoingResetRequest request, Receiver receiver) {
        return Serial32.isNewerOrEqual(receiver.cumulativeTsn(), request.lastTsn());
    }

    private void send(long nowNanos, OutgoingResetRequest request) {
        outstanding = request;
        control.add(new ReconfigChunk(List.of(request)));
        timers.set(SctpTimer.RECONFIG, nowNanos + timeout.nanos());
    }

    private void onOutgoing(OutgoingResetRequest request, Receiver receiver) {
        if (!isNext(request.requestSequence())) {
            return;
        }
        if (isReached(request, receiver)) {
            perform(request, receiver);
            lastResult = ReconfigResponse.PERFORMED;
            respond(request.requestSequence(), lastResult);
            return;
        }
        // asked again under a new number, as it was told to: only the newest is answered, and none is left to deny
        deferred.removeIf(each -> isSame(each.request, request));
        if (deferred.size() < DEFERRED_LIMIT) {
            deferred.add(new Deferred(request)); // the answer is worth waiting for: mostly the data is right behind
            lastResult = ReconfigResponse.IN_PROGRESS;
        } else {
            lastResult = ReconfigResponse.DENIED;
            respond(request.requestSequence(), lastResult);
        }
    }

    private void perform(OutgoingResetRequest request, Receiver receiver) {
        OutgoingResetRequest last = performedInSilence;
        performedInSilence = null;
        if (last != null && isSame(last, request)) {
            return;
        }
        receiver.resetStreams(request.streamIds());
        events.add(new SctpEvent.IncomingStreamsReset(request.streamIds()));
    }

    private static boolean isSame(OutgoingResetRequest one, OutgoingResetRequest other) {
        return one.lastTsn() == other.lastTsn() && one.streamIds().equals(other.streamIds());
    }

    private void onIncoming(IncomingResetRequest request) {
        if (isNext(request.requestSequence())) {
            lastResult = request.streamIds().isEmpty() ? ReconfigResponse.DENIED : ReconfigResponse.PERFORMED;
            request(request.streamIds());
            respond(request.requestSequence(), lastResult);
        }
    }

    private void onOther(OtherParameter other) {
        if (other.valueBytes() >= Integer.BYTES) {
            int sequence = other.value().getInt(other.value().position());
            if (isNext(sequence)) {
                lastResult = ReconfigResponse.DENIED;
                respond(sequence, lastResult);
            }
        }
    }

    /// Whether a request is the next one; one that was repeated or is out of sequence is answered here.
    private boolean isNext(int sequence) {
        if (sequence == nextPeerRequest) {
            nextPeerRequest++;
            return true;
        }
        boolean repeated = sequence == nextPeerRequest - 1;
        if (!repeated) {
            counters.drop(DropReason.BAD_RECONFIG);
        }
        for (Deferred each : deferred) {
            each.toldInProgress |= each.request.requestSequence() == sequence;
        }
        respond(sequence, repeated ? lastResult : ReconfigResponse.BAD_SEQUENCE);
        return false;
    }

    private void respond(int sequence, int result) {
        control.add(new ReconfigChunk(List.of(new ReconfigResponse(sequence, result))));
    }

    private void onResponse(long nowNanos, ReconfigResponse response) {
        OutgoingResetRequest request = outstanding;
        if (request == null || response.responseSequence() != request.requestSequence()) {
            return;
        }
        errors.onAnswer();
        switch (response.result()) {
            case ReconfigResponse.NOTHING_TO_DO, ReconfigResponse.PERFORMED -> finish(request, true, "");
            case ReconfigResponse.IN_PROGRESS, ReconfigResponse.REQUEST_IN_PROGRESS -> {
                repeatWithNewNumber = true;
                timers.set(SctpTimer.RECONFIG, nowNanos + timeout.nanos());
            }
            default -> finish(request, false, "the peer refused with result " + response.result());
        }
    }

    private void finish(OutgoingResetRequest request, boolean performed, String reason) {
        outstanding = null;
        repeatWithNewNumber = false;
        timers.clear(SctpTimer.RECONFIG);
        List<Integer> done = new ArrayList<>();
        for (int id : request.streamIds()) {
            queue.endReset(id, performed);
            if (wanted.contains(id)) {
                queue.beginReset(id); // wanted once more in the meantime: that is the one to report
            } else {
                done.add(id);
            }
        }
        if (!done.isEmpty()) {
            events.add(
                    performed
                            ? new SctpEvent.OutgoingStreamsReset(done)
                            : new SctpEvent.StreamsResetFailed(done, reason));
        }
    }
}

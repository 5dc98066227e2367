package dev.nearhand.transport.peer;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimWorld;
import java.util.function.UnaryOperator;

/// How many round trips lie between the answer and what a person waits for, in the simulated world: exact, and the same
/// on every machine. [#main] prints them as a table.
final class RoundTrips {
    private static final double RTT_MILLIS = 100;

    /// @param connected until both sides call themselves connected
    /// @param opened until the channel of the side that opens it is open
    /// @param message until the first message, sent when the channel is open, has arrived
    /// @param media until the first frame of the offerer, in one packet, has arrived
    record Figures(double connected, double opened, double message, double media) {}

    private RoundTrips() {}

    /// @param offererOpens whether the offerer opens the channel, or the answerer
    /// @param answerMillis how long the answer is on its way
    /// @param edit what happens to the descriptions on the way
    static Figures measure(boolean offererOpens, double answerMillis, UnaryOperator<String> edit) {
        SimWorld world = new SimWorld(1);
        world.links(LinkProfile.perfect().withDelayMillis(RTT_MILLIS / 2));
        SimHost one = world.host("offerer", "192.0.2.1");
        SimHost two = world.host("answerer", "192.0.2.2");
        SimPeer offerer = new SimPeer(world, one).films(PeerCoreSimTest.FILM.subList(0, 1));
        SimPeer answerer = new SimPeer(world, two);
        SimPeer opener = (offererOpens ? offerer : answerer).says(1);
        // the section of data channels is in the offer whoever opens one
        if (!offererOpens) {
            offerer.says(0);
        }
        SimPeer listener = offererOpens ? answerer : offerer;
        offerer.node.run(now -> {
            String offer = offerer.core.createOffer();
            offerer.core.setLocalDescription(now, SdpKind.OFFER, offer);
            answerer.node.run(then -> {
                answerer.core.setRemoteDescription(then, SdpKind.OFFER, edit.apply(offer));
                String answer = edit.apply(answerer.core.createAnswer());
                answerer.core.setLocalDescription(then, SdpKind.ANSWER, answer);
                world.afterMillis(
                        answerMillis,
                        () -> offerer.node.run(
                                later -> offerer.core.setRemoteDescription(later, SdpKind.ANSWER, answer)));
            });
        });
        long answered = (long) (answerMillis * 1e6);
        double[] at = {-1, -1, -1, -1};
        world.runUntil(
                () -> {
                    double now = (world.now() - answered) / 1e6 / RTT_MILLIS;
                    note(at, 0, now, offerer.isConnected() && answerer.isConnected());
                    note(at, 1, now, !opener.labels.isEmpty());
                    note(at, 2, now, !listener.heard.isEmpty());
                    note(at, 3, now, !answerer.frames.isEmpty());
                    return at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && at[3] >= 0;
                },
                20 * RTT_MILLIS);
        return new Figures(at[0], at[1], at[2], at[3]);
    }

    private static void note(double[] at, int index, double now, boolean happened) {
        if (happened && at[index] < 0) {
            at[index] = now;
        }
    }

    static String withoutSnap(String sdp) {
        return sdp.replaceAll("a=sctp-init:[^\\r\\n]*\\r\\n", "");
    }

    public static void main(String[] arguments) {
        System.out.println(
                "| channel of | answer takes | INIT in | connected | channel open | first message | first frame |");
        for (boolean offererOpens : new boolean[] {true, false}) {
            for (double answer : new double[] {0, RTT_MILLIS / 2}) {
                print(offererOpens, answer, "packets", measure(offererOpens, answer, RoundTrips::withoutSnap));
                print(
                        offererOpens,
                        answer,
                        "the descriptions",
                        measure(offererOpens, answer, UnaryOperator.identity()));
            }
        }
    }

    private static void print(boolean offererOpens, double answerMillis, String how, Figures figures) {
        System.out.printf(
                "| %s | %.1f RTT | %s | %.2f | %.2f | %.2f | %.2f |%n",
                offererOpens ? "offerer" : "answerer",
                answerMillis / RTT_MILLIS,
                how,
                figures.connected,
                figures.opened,
                figures.message,
                figures.media);
    }
}

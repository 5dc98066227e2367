package dev.nearhand.app.connect;

import dev.nearhand.app.rendezvous.SignalingListener;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.RendezvousAddress;
import dev.nearhand.app.signaling.RendezvousClient;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ways by which viewers come to a share: its own listener, and a rendezvous if one is named. Any thread.
final class Doors implements AutoCloseable {
    /// Told how the rendezvous is doing.
    interface Events {
        /// It is there, perhaps under another number than before; or it is not for now.
        ///
        /// @param trouble a sentence for a person; empty when all is well
        void onRendezvous(String trouble);
    }

    private final ShareOptions options;
    private final SignalingListener listener;
    private @Nullable RendezvousClient rendezvous;
    private volatile String number = "";
    private volatile boolean lost;

    private Doors(ShareOptions options, Door door) {
        this.options = options;
        this.listener = listen(options, door);
    }

    /// Begins to listen, and to register.
    ///
    /// @throws ConnectException when the port cannot be opened
    static Doors open(ShareOptions options, Door door, Events events) {
        Doors doors = new Doors(options, door);
        options.rendezvous().ifPresent(address -> doors.register(address, door, events));
        return doors;
    }

    private static SignalingListener listen(ShareOptions options, Door door) {
        try {
            return SignalingListener.open(options.bind(), options.port(), door);
        } catch (IOException taken) {
            if (options.port() == ShareOptions.DEFAULT_PORT) {
                try {
                    return SignalingListener.open(options.bind(), 0, door);
                } catch (IOException failure) {
                    taken.addSuppressed(failure);
                }
            }
            throw new ConnectException(
                    "Port " + options.port() + " cannot be opened on this machine; choose another one.", taken);
        }
    }

    private void register(RendezvousAddress address, Door door, Events events) {
        rendezvous = RendezvousClient.register(address, door, new RendezvousClient.Events() {
            @Override
            public void onRegistered(String under) {
                boolean news = lost || !under.equals(number);
                number = under;
                lost = false;
                if (news) {
                    events.onRendezvous("");
                }
            }

            @Override
            public void onLost(String reason) {
                lost = true;
                events.onRendezvous(reason);
            }
        });
    }

    /// Whether a viewer may have to come back by them, perhaps to another network than this machine has been in.
    void isNeeded(boolean needed) {
        RendezvousClient registered = rendezvous;
        if (registered != null && needed) {
            registered.hurry();
        } else if (registered != null) {
            registered.relax();
        }
    }

    /// Where viewers connect to directly now, the best one first.
    List<String> addresses() {
        return LocalAddresses.withPort(
                options.bind().isEmpty() ? LocalAddresses.reachable() : options.bind(), listener.port());
    }

    int port() {
        return listener.port();
    }

    /// @param code the one-time code of the share
    Invitation invitation(String code) {
        boolean met = !number.isEmpty() && !lost;
        return new Invitation(
                addresses(),
                code,
                met ? options.rendezvous().map(RendezvousAddress::toString).orElse("") : "",
                met ? number + code : "");
    }

    @Override
    public void close() {
        RendezvousClient registered = rendezvous;
        if (registered != null) {
            registered.close();
        }
        listener.close();
    }
}

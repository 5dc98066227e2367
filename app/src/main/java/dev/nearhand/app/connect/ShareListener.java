package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostState;
import java.util.concurrent.CompletableFuture;

/// Told what becomes of a [ScreenShare], and asked whether somebody may see the screen. Calls come on threads of the
/// share and must not block.
public interface ShareListener {
    /// The code that the next viewer needs: at the start, after three wrong tries, after one was used, and when a
    /// viewer has fallen silent, because somebody else may come instead then.
    ///
    /// Also when the rendezvous finds this machine under another number.
    void onInvitation(Invitation invitation);

    /// Something does not work as it should, and the share goes on without it.
    ///
    /// @param sentence for a person
    default void onTrouble(String sentence) {}

    /// Somebody has the right code; nothing of the screen leaves before the answer. The future is cancelled when the
    /// viewer goes away, or when no answer has come for [ScreenShare#CONSENT_LIMIT]; that counts as a refusal.
    ///
    /// @param viewer the name that the viewer gave, cleaned for display; never to be trusted
    CompletableFuture<Consent> onConsentAsked(String viewer);

    /// @param reason a sentence for a person
    void onState(String viewer, HostState state, String reason);

    /// @param reason a sentence for a person
    void onControl(boolean allowed, String reason);
}

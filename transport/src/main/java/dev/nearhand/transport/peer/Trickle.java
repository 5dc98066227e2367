package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Which candidates of this side the other one has been told, and which are still to be told by themselves
/// ([RFC 8838](https://www.rfc-editor.org/rfc/rfc8838)): those that were found after a description was written, as soon
/// as that description has been set. What is found after the end was told, on a network that this host has come to
/// since, is told all the same.
final class Trickle {
    private static final int NEVER_PUMPED = -1;

    private final Set<Candidate> inDescription = new HashSet<>();
    private final Set<Candidate> told = new HashSet<>();
    private boolean endInDescription;
    private boolean isSet;
    private boolean endTold;
    private int pumpedChanges = NEVER_PUMPED;

    /// A description has been written with these candidates.
    ///
    /// @param complete whether it says that there will be no more
    void described(List<Candidate> candidates, boolean complete) {
        inDescription.clear();
        inDescription.addAll(candidates);
        endInDescription = complete;
    }

    /// The description that was written last is the local one now.
    void set() {
        isSet = true;
        told.clear();
        told.addAll(inDescription);
        endTold = endInDescription;
        pumpedChanges = NEVER_PUMPED;
    }

    /// Tells what is new; an empty attribute is the end.
    ///
    /// @param changes how often `candidates` has changed; while that stays, this costs nothing
    void pump(List<Candidate> candidates, int changes, boolean complete, Consumer<String> tell) {
        if (!isSet || changes == pumpedChanges && (endTold || !complete)) {
            return;
        }
        pumpedChanges = changes;
        if (told.size() > candidates.size()) {
            told.retainAll(candidates); // what is gone is forgotten
        }
        for (Candidate candidate : candidates) {
            if (told.add(candidate)) {
                tell.accept(candidate.toAttribute());
            }
        }
        if (complete && !endTold) {
            endTold = true;
            tell.accept("");
        }
    }
}

package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import java.util.List;
import java.util.function.Consumer;

/// Which candidates of this side the other one has been told, and which are still to be told by themselves
/// ([RFC 8838](https://www.rfc-editor.org/rfc/rfc8838)): those that were found after a description was written, as soon
/// as that description has been set.
final class Trickle {
    private int inDescription;
    private boolean endInDescription;
    private int told;
    private boolean endTold = true;

    /// A description has been written with these candidates.
    ///
    /// @param complete whether it says that there will be no more
    void described(int candidates, boolean complete) {
        inDescription = candidates;
        endInDescription = complete;
    }

    /// The description that was written last is the local one now.
    void set() {
        told = inDescription;
        endTold = endInDescription;
    }

    /// Tells what is new; an empty attribute is the end.
    void pump(List<Candidate> candidates, boolean complete, Consumer<String> tell) {
        if (endTold) {
            return;
        }
        while (told < candidates.size()) {
            tell.accept(candidates.get(told++).toAttribute());
        }
        if (complete) {
            endTold = true;
            tell.accept("");
        }
    }
}

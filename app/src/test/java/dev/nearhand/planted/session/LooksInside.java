package dev.nearhand.planted.session;

import dev.nearhand.transport.wire.Seq16;

/// Planted: a session that looks inside the transport.
public interface LooksInside {
    Class<?> INSIDE = Seq16.class;
}

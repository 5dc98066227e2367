/// What travels on the data channels between viewer and host (docs/protocol.md): messages as values, and their JSON.
@NullMarked
package dev.nearhand.app.session.protocol;

import org.jspecify.annotations.NullMarked;

/// One peer connection as a core: all protocol cores composed, and the offers and answers that configure them.
@NullMarked
package dev.nearhand.transport.peer;

import org.jspecify.annotations.NullMarked;

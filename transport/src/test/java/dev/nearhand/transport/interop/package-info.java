/// Other people's WebRTC programs against ours, each in a process of its own: what the standards leave open, and what
/// all of them have wrong in the same way, shows only here.
@NullMarked
package dev.nearhand.transport.interop;

import org.jspecify.annotations.NullMarked;

/// Networks of Linux namespaces on one machine: hosts behind NATs, and what can happen to them. They need root,
/// iproute2 and nftables, and send nothing outside.
@NullMarked
package dev.nearhand.testing.net;

import org.jspecify.annotations.NullMarked;

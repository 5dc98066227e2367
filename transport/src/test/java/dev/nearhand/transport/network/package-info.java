/// Processes of ours on networks of the real kind: behind NATs and firewalls, and with addresses that change.
@NullMarked
package dev.nearhand.transport.network;

import org.jspecify.annotations.NullMarked;

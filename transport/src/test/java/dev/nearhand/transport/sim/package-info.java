/// A simulated network in virtual time: hosts, links and NATs around any protocol core, reproducible from a seed.
@NullMarked
package dev.nearhand.transport.sim;

import org.jspecify.annotations.NullMarked;

package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsRecord;

/// What somebody on the local link says that is so.
///
/// @param ttlSeconds for how long; 0 when it is so no more (RFC 6762 section 10.1)
record MdnsRecord(DnsRecord record, long ttlSeconds) {}

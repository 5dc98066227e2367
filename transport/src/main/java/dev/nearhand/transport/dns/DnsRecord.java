package dev.nearhand.transport.dns;

import dev.nearhand.transport.wire.ByteReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that is known about a name. Names are as [DnsName] reads them.
public sealed interface DnsRecord {
    int TYPE_A = 1;
    int TYPE_PTR = 12;
    int TYPE_TXT = 16;
    int TYPE_AAAA = 28;
    int TYPE_SRV = 33;
    int TYPE_NAPTR = 35;

    /// Whose record it is.
    String name();

    /// A or AAAA.
    record Address(String name, InetAddress address) implements DnsRecord {
        /// Says neither: both name a machine.
        @Override
        public String toString() {
            return "Address[" + address.getAddress().length * 8 + " bits]";
        }
    }

    /// SRV ([RFC 2782](https://www.rfc-editor.org/rfc/rfc2782)): where a service is.
    ///
    /// @param priority lower ones are tried first
    /// @param weight among those of one priority, how often one comes first
    /// @param target empty when the service is decidedly not available
    record Service(String name, int priority, int weight, int port, String target) implements DnsRecord {
        /// Says no name.
        @Override
        public String toString() {
            return "Service[" + priority + " " + weight + " :" + port + "]";
        }
    }

    /// NAPTR ([RFC 3403 section 4.1](https://www.rfc-editor.org/rfc/rfc3403#section-4.1)): by what protocols a service
    /// is reached, and what to ask next.
    ///
    /// @param flags in lower case: `s` when `replacement` has SRV records, `a` when it has addresses, empty when it
    ///     has NAPTR records
    /// @param services the tags of a service and its protocols, with colons between them, in lower case
    /// @param replacement the name to ask next
    record Naptr(
            String name, int order, int preference, String flags, String services, String regexp, String replacement)
            implements DnsRecord {
        /// Says no name.
        @Override
        public String toString() {
            return "Naptr[" + order + " " + preference + " " + flags + "]";
        }
    }

    /// PTR: one of the services of a type, where services are browsed for (RFC 6763 section 4.1).
    record Pointer(String name, String target) implements DnsRecord {
        /// Says no name.
        @Override
        public String toString() {
            return "Pointer[]";
        }
    }

    /// Reads what a record says; null for a type that is not known here, and for what is malformed.
    ///
    /// @param message what compressed names point into
    /// @param start where in `message` the data of the record begins
    /// @param length of the data, all of which has to be there
    static @Nullable DnsRecord read(String name, int type, ByteBuffer message, int start, int length) {
        // a name in the data cannot go on behind it
        ByteBuffer upToEnd = message.slice(message.position(), start + length);
        ByteReader reader = new ByteReader(upToEnd);
        reader.skip(start);
        DnsRecord read =
                switch (type) {
                    case TYPE_A, TYPE_AAAA -> address(name, type, reader.bytes(length));
                    case TYPE_SRV -> service(name, upToEnd, reader);
                    case TYPE_NAPTR -> naptr(name, upToEnd, reader);
                    case TYPE_PTR -> pointer(name, upToEnd, reader);
                    default -> null;
                };
        return reader.isTruncated() || reader.hasRemaining() ? null : read;
    }

    private static @Nullable DnsRecord address(String name, int type, byte[] data) {
        if (data.length != (type == TYPE_A ? 4 : 16)) {
            return null;
        }
        try {
            return new Address(name, InetAddress.getByAddress(data));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four or sixteen bytes are an address", impossible);
        }
    }

    private static @Nullable DnsRecord service(String name, ByteBuffer message, ByteReader reader) {
        int priority = reader.u16();
        int weight = reader.u16();
        int port = reader.u16();
        String target = DnsName.read(message, reader);
        return target == null ? null : new Service(name, priority, weight, port, target);
    }

    private static @Nullable DnsRecord naptr(String name, ByteBuffer message, ByteReader reader) {
        int order = reader.u16();
        int preference = reader.u16();
        String flags = text(reader);
        String services = text(reader);
        String regexp = text(reader);
        String replacement = DnsName.read(message, reader);
        return replacement == null
                ? null
                : new Naptr(
                        name,
                        order,
                        preference,
                        flags.toLowerCase(Locale.ROOT),
                        services.toLowerCase(Locale.ROOT),
                        regexp,
                        replacement);
    }

    private static @Nullable DnsRecord pointer(String name, ByteBuffer message, ByteReader reader) {
        String target = DnsName.read(message, reader);
        return target == null ? null : new Pointer(name, target);
    }

    private static String text(ByteReader reader) {
        return new String(reader.bytes(reader.u8()), StandardCharsets.US_ASCII);
    }
}

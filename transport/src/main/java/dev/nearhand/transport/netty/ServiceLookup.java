package dev.nearhand.transport.netty;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the name servers for SRV and NAPTR records, over UDP, and over TCP what does not fit. The system's resolver,
/// which [Names] asks for addresses, does not know them. Belongs to one event loop.
final class ServiceLookup {
    /// So that a second question still fits into the time that anybody waits.
    private static final int QUERY_TIMEOUT_MILLIS = 700;

    /// Of one question: other servers, and names that are names of others.
    private static final int QUERIES_LIMIT = 6;

    private static final int MAX_UDP_BYTES = 1_232;
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLookup.class);

    private final EventLoop loop;
    private final NameServers servers;
    private @Nullable DnsNameResolver resolver;
    private boolean closed;

    ServiceLookup(EventLoop loop, NameServers servers) {
        this.loop = loop;
        this.servers = servers;
    }

    /// Answers on the loop, later, and in any case unless it is closed before: nothing when nothing is to be known.
    void ask(DnsQuestion question, Consumer<List<DnsRecord>> onAnswer) {
        DnsNameResolver asked = resolver();
        if (asked == null) {
            loop.execute(() -> onAnswer.accept(List.of()));
            return;
        }
        DnsRecordType type = question.type() == DnsQuestion.Type.NAPTR ? DnsRecordType.NAPTR : DnsRecordType.SRV;
        try {
            asked.resolveAll(new DefaultDnsQuestion(question.name() + ".", type))
                    .addListener((Future<List<io.netty.handler.codec.dns.DnsRecord>> answer) -> {
                        List<DnsRecord> records = answer.isSuccess() ? read(answer.getNow()) : List.of();
                        if (!closed) {
                            loop.execute(() -> onAnswer.accept(records));
                        }
                    });
        } catch (IllegalArgumentException tooLong) {
            loop.execute(() -> onAnswer.accept(List.of()));
        }
    }

    private @Nullable DnsNameResolver resolver() {
        if (resolver == null && !closed) {
            Optional<DnsServerAddressStreamProvider> provider =
                    servers.provider().get();
            if (provider.isEmpty()) {
                LOG.debug("services are not looked up: the system names no server that could be asked");
                return null;
            }
            SocketKind kind = SocketKind.of(loop);
            resolver = new DnsNameResolverBuilder(loop)
                    .datagramChannelFactory(kind::datagrams)
                    .socketChannelFactory(kind::streams)
                    .nameServerProvider(provider.get())
                    .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                    .maxQueriesPerResolve(QUERIES_LIMIT)
                    .maxPayloadSize(MAX_UDP_BYTES)
                    .searchDomains(List.of())
                    .build();
        }
        return resolver;
    }

    private static List<DnsRecord> read(List<io.netty.handler.codec.dns.DnsRecord> answer) {
        List<DnsRecord> records = new ArrayList<>();
        for (io.netty.handler.codec.dns.DnsRecord raw : answer) {
            if (raw instanceof DnsRawRecord rawRecord) {
                ByteBuffer data = rawRecord.content().nioBuffer();
                // "name compression is not to be used" in what these say (RFC 2782): what points out of them is dropped
                DnsRecord known = DnsRecord.read(nameOf(raw.name()), raw.type().intValue(), data, 0, data.remaining());
                if (known != null) {
                    records.add(known);
                }
            }
            ReferenceCountUtil.release(raw);
        }
        return records;
    }

    private static String nameOf(String absolute) {
        String name = absolute.endsWith(".") ? absolute.substring(0, absolute.length() - 1) : absolute;
        return name.toLowerCase(Locale.ROOT);
    }

    void close() {
        closed = true;
        if (resolver != null) {
            resolver.close();
            resolver = null;
        }
    }
}

package dev.nearhand.transport.netty;

import dev.nearhand.transport.wire.Path;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// One TCP connection between two ICE agents: checks and data in frames that say their length in two bytes ([RFC 4571
/// section 2](https://www.rfc-editor.org/rfc/rfc4571#section-2)). Belongs to the event loop of its channel.
///
/// What the connection does not take fast enough is dropped, as a full router would: little is kept here and little in
/// the system, so that late media does not hold up what is newer. A frame that is longer than any datagram ends the
/// connection, and so does a silence that no path in use has.
final class IceConnection extends ChannelInboundHandlerAdapter {
    /// Told of what comes, and of the end, once.
    interface Receiver {
        /// `borrowed` is valid until the call returns.
        void onFrame(IceConnection connection, ByteBuffer borrowed);

        /// All that could be read at once has been delivered.
        void onReadComplete();

        /// @param wasOpen false when it could not be opened
        void onClosed(IceConnection connection, boolean wasOpen);
    }

    /// More than consent lasts: a path in use is asked about every few seconds.
    static final int IDLE_SECONDS = 40;

    private static final int LENGTH_BYTES = 2;
    private static final int LARGEST_FRAME_BYTES = 2048;
    private static final int SEND_QUEUE_HIGH_BYTES = 128 << 10;
    private static final int SEND_QUEUE_LOW_BYTES = 64 << 10;

    /// Bounds what the system keeps, which grows to megabytes by itself.
    private static final int SOCKET_BUFFER_BYTES = 256 << 10;

    /// Frames that wait for the connection to open; the oldest goes when there are more.
    private static final int EARLY_LIMIT = 4;

    private final Channel channel;
    private final Path path;
    private final Receiver receiver;
    private final Deque<ByteBuf> early = new ArrayDeque<>();
    private boolean isOpen;
    private boolean isClosed;
    private boolean dirty;
    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;
    private long sendQueueFull;

    /// Takes over a channel that is being connected or has been accepted.
    IceConnection(SocketChannel channel, Path path, Receiver receiver) {
        this.channel = channel;
        this.path = path;
        this.receiver = receiver;
        channel.config().setTcpNoDelay(true);
        channel.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(SEND_QUEUE_LOW_BYTES, SEND_QUEUE_HIGH_BYTES));
        channel.pipeline()
                .addLast(new IdleStateHandler(IDLE_SECONDS, 0, 0))
                .addLast(new LengthFieldBasedFrameDecoder(
                        LENGTH_BYTES + LARGEST_FRAME_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                .addLast(new LengthFieldPrepender(LENGTH_BYTES))
                .addLast(this);
    }

    /// As the core sees it.
    Path path() {
        return path;
    }

    /// Queues a frame until [#flush], or until the connection is open; copies it.
    void send(ByteBuffer borrowed) {
        if (isClosed || isOpen && !channel.isWritable()) {
            sendQueueFull++;
            return;
        }
        ByteBuf copy = channel.alloc().directBuffer(borrowed.remaining()).writeBytes(borrowed);
        if (isOpen) {
            write(copy);
            return;
        }
        if (early.size() == EARLY_LIMIT) {
            sendQueueFull++;
            early.remove().release();
        }
        early.add(copy);
    }

    private void write(ByteBuf frame) {
        packetsSent++;
        bytesSent += frame.readableBytes();
        dirty = true;
        channel.write(frame, channel.voidPromise());
    }

    void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    void close() {
        channel.close();
    }

    NetworkStats stats() {
        return new NetworkStats(packetsSent, bytesSent, packetsReceived, bytesReceived, 0, sendQueueFull);
    }

    /// It has ended, or could not be opened.
    void closed() {
        if (!isClosed) {
            isClosed = true;
            early.forEach(ByteBuf::release);
            early.clear();
            receiver.onClosed(this, isOpen);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        isOpen = true;
        for (ByteBuf frame = early.poll(); frame != null; frame = early.poll()) {
            write(frame);
        }
        flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            ByteBuf frame = (ByteBuf) message;
            packetsReceived++;
            bytesReceived += frame.readableBytes();
            if (frame.isReadable() && !isClosed) {
                receiver.onFrame(this, frame.nioBuffer());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        receiver.onReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent) {
            context.close();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // reset, or frames that are none
    }
}

package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.DataChannelOptions;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;

/// The messages of a transfer, alike in all drivers: byte k of message i is (i + k) & 255, but its first four bytes are
/// i, big-endian. So an unordered transfer can be put into order and hashed.
final class Bulk {
    static final int COUNT = 64;
    static final int SIZE = 16_384;

    private Bulk() {}

    /// What a transfer came to.
    ///
    /// @param sha256 of the messages in the order of their numbers
    record Received(int count, boolean inOrder, String sha256) {
        /// Counts what comes. One thread at a time.
        static final class Counter {
            private final TreeMap<Integer, byte[]> messages = new TreeMap<>();
            private int count;
            private boolean inOrder = true;

            void take(byte[] bytes) {
                int index = bytes.length < Integer.BYTES
                        ? -1
                        : ByteBuffer.wrap(bytes).getInt();
                inOrder &= index == count;
                count++;
                messages.put(index, bytes);
            }

            int count() {
                return count;
            }

            Received received() {
                MessageDigest digest = digest();
                messages.values().forEach(digest::update);
                return new Received(count, inOrder, HexFormat.of().formatHex(digest.digest()));
            }

            /// Whether every message that came is one that was sent.
            boolean intact() {
                return messages.entrySet().stream()
                        .allMatch(entry -> entry.getKey() >= 0
                                && entry.getKey() < COUNT
                                && Arrays.equals(entry.getValue(), message(entry.getKey())));
            }
        }
    }

    static byte[] message(int i) {
        byte[] bytes = new byte[SIZE];
        for (int k = 0; k < SIZE; k++) {
            bytes[k] = (byte) (i + k);
        }
        ByteBuffer.wrap(bytes).putInt(i);
        return bytes;
    }

    static void send(DataChannel channel) {
        for (int i = 0; i < COUNT; i++) {
            channel.send(ByteBuffer.wrap(message(i)));
        }
    }

    /// Of a whole transfer.
    static String sha256() {
        MessageDigest digest = digest();
        for (int i = 0; i < COUNT; i++) {
            digest.update(message(i));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /// Takes in a transfer, on the connection's loop; read by the thread that waits.
    static final class Collector {
        private final DataChannelOptions options;
        private final Received.Counter counter = new Received.Counter();

        Collector(DataChannel channel) {
            options = channel.options();
            channel.onMessage(this::take);
        }

        DataChannelOptions options() {
            return options;
        }

        private synchronized void take(DataChannelMessage message) {
            counter.take(message.bytes());
            notifyAll();
        }

        /// Waits until all is there, or `millis` have passed.
        synchronized Received await(long millis) {
            long deadline = System.nanoTime() + millis * 1_000_000;
            try {
                for (long left = millis;
                        counter.count() < COUNT && left > 0;
                        left = (deadline - System.nanoTime()) / 1_000_000) {
                    wait(left);
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return counter.received();
        }

        synchronized boolean intact() {
            return counter.intact();
        }
    }
}

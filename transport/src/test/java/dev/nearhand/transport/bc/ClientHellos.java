package dev.nearhand.transport.bc;

import java.nio.ByteBuffer;
import java.util.List;

/// Cuts a real ClientHello into fragments by hand (RFC 6347 section 4.2.3), and makes some that lead nowhere.
final class ClientHellos {
    private static final int RECORD_HEADER = 13;
    private static final int MESSAGE_HEADER = 12;
    private static final int CLIENT_HELLO = 1;

    /// The number of the next record of epoch 0.
    private int recordNumber;

    ClientHellos(int firstRecordNumber) {
        this.recordNumber = firstRecordNumber;
    }

    /// Gives the plain records of a datagram new numbers in a row, so that those made here and those of the handshake
    /// itself stay in order for the receiver's replay window; nothing protects the numbers of epoch 0.
    byte[] renumber(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram.clone());
        for (int at = 0; at < datagram.length; at += RECORD_HEADER + bytes.getShort(at + 11)) {
            if (bytes.getShort(at + 3) == 0) {
                bytes.putInt(at + 7, recordNumber++);
            }
        }
        return bytes.array();
    }

    /// Whether a datagram is one record with one whole ClientHello.
    static boolean isWhole(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        return datagram.length > RECORD_HEADER + MESSAGE_HEADER
                && datagram[0] == 22
                && bytes.getShort(3) == 0
                && datagram[RECORD_HEADER] == CLIENT_HELLO
                && RECORD_HEADER + bytes.getShort(11) == datagram.length;
    }

    /// Two datagrams, cut at four fifths of the message.
    static List<byte[]> split(byte[] datagram) {
        int length = datagram.length - RECORD_HEADER - MESSAGE_HEADER;
        int cut = length * 4 / 5;
        return List.of(fragment(datagram, 0, cut), fragment(datagram, cut, length - cut));
    }

    static byte[] emptyFragment(byte[] datagram) {
        return fragment(datagram, 0, 0);
    }

    static byte[] withMessageSequence(byte[] datagram, int sequence) {
        byte[] changed = datagram.clone();
        ByteBuffer.wrap(changed).putShort(RECORD_HEADER + 4, (short) sequence);
        return changed;
    }

    /// One byte of a message of `length` bytes that never comes.
    static byte[] lonelyFragment(int sequence, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_HEADER + MESSAGE_HEADER + 1);
        bytes.put((byte) 22).putShort((short) 0xFEFD).putShort((short) 0);
        bytes.putShort((short) 0).putInt(sequence).putShort((short) (MESSAGE_HEADER + 1));
        bytes.put((byte) 11).put((byte) (length >> 16)).putShort((short) length);
        bytes.putShort((short) (1 + sequence % 15));
        bytes.put((byte) 0)
                .putShort((short) 0)
                .put((byte) 0)
                .putShort((short) 1)
                .put((byte) 1);
        return bytes.array();
    }

    private static byte[] fragment(byte[] datagram, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_HEADER + MESSAGE_HEADER + length);
        bytes.put(datagram, 0, RECORD_HEADER + 6);
        bytes.put((byte) (offset >> 16)).putShort((short) offset);
        bytes.put((byte) (length >> 16)).putShort((short) length);
        bytes.put(datagram, RECORD_HEADER + MESSAGE_HEADER + offset, length);
        bytes.putShort(11, (short) (MESSAGE_HEADER + length));
        return bytes.array();
    }
}

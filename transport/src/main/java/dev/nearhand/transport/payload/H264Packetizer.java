package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts H.264 access units, in the byte stream form of annex B, into RTP payloads (RFC 6184).
///
/// In the non-interleaved mode (1) small NAL units travel together (STAP-A) and large ones in fragments (FU-A); in the
/// single NAL unit mode (0) each one travels alone, and an access unit with one that does not fit is not sent: only the
/// encoder can help, by smaller slices. Start codes may have three or four bytes. Access unit delimiters are left out,
/// the RTP timestamp says the same.
public final class H264Packetizer implements Packetizer {
    private static final int FU_HEAD_BYTES = 2;
    private static final int STAP_HEAD_BYTES = 1;
    private static final int SIZE_BYTES = 2;
    private static final int LEAST_PAYLOAD_BYTES = 8;
    private static final int FU_START = 0x80;
    private static final int FU_END = 0x40;

    private final boolean singleNalUnits;
    private final PayloadQueue queue = new PayloadQueue();

    /// @param singleNalUnits packetization mode 0
    public H264Packetizer(boolean singleNalUnits) {
        this.singleNalUnits = singleNalUnits;
    }

    @Override
    public boolean begin(ByteBuffer frame, int maxPayloadBytes) {
        PayloadQueue.requireFrame(frame, maxPayloadBytes, LEAST_PAYLOAD_BYTES);
        queue.clear();
        List<ByteBuffer> together = new ArrayList<>();
        int togetherBytes = STAP_HEAD_BYTES;
        for (ByteBuffer unit : AnnexB.nalUnits(frame)) {
            int type = NalType.of(unit.get(0));
            if (!NalType.isSingle(type) || type == NalType.AUD) {
                continue;
            }
            int bytes = SIZE_BYTES + unit.remaining();
            if (singleNalUnits && unit.remaining() > maxPayloadBytes) {
                queue.clear();
                return false;
            }
            if (!together.isEmpty() && (singleNalUnits || togetherBytes + bytes > maxPayloadBytes)) {
                addTogether(together);
                togetherBytes = STAP_HEAD_BYTES;
            }
            if (unit.remaining() > maxPayloadBytes) {
                addFragments(unit, maxPayloadBytes);
            } else {
                together.add(unit);
                togetherBytes += bytes;
            }
        }
        addTogether(together);
        return queue.size() > 0;
    }

    private void addTogether(List<ByteBuffer> units) {
        if (units.size() == 1) {
            queue.add(units);
        } else if (!units.isEmpty()) {
            List<ByteBuffer> parts = new ArrayList<>();
            int head = 0;
            for (ByteBuffer unit : units) {
                int header = unit.get(0);
                // "the value of NRI MUST be the maximum of all the NAL units carried" (RFC 6184 section 5.7)
                head = head & NalType.FORBIDDEN_BIT
                        | header & NalType.FORBIDDEN_BIT
                        | Math.max(head & NalType.NRI_MASK, header & NalType.NRI_MASK);
                parts.add(ByteBuffer.wrap(new byte[] {(byte) (unit.remaining() >> 8), (byte) unit.remaining()}));
                parts.add(unit);
            }
            parts.addFirst(ByteBuffer.wrap(new byte[] {(byte) (head | NalType.STAP_A)}));
            queue.add(parts);
        }
        units.clear();
    }

    /// "The NAL unit type octet of the fragmented NAL unit is not included as such in the fragmentation unit payload"
    /// (RFC 6184 section 5.8): it stands in the two bytes before it.
    private void addFragments(ByteBuffer unit, int maxPayloadBytes) {
        int header = unit.get(0);
        int indicator = header & (NalType.FORBIDDEN_BIT | NalType.NRI_MASK) | NalType.FU_A;
        int left = Math.ceilDiv(unit.limit() - 1, maxPayloadBytes - FU_HEAD_BYTES);
        boolean first = true;
        for (int at = 1; left > 0; left--) {
            int end = at + Math.ceilDiv(unit.limit() - at, left);
            int fuHeader = NalType.of(header) | (first ? FU_START : 0) | (left == 1 ? FU_END : 0);
            queue.add(new byte[] {(byte) indicator, (byte) fuHeader}, PayloadQueue.slice(unit, at, end));
            first = false;
            at = end;
        }
    }

    @Override
    public int payloadsLeft() {
        return queue.size();
    }

    @Override
    public void writeNext(ByteBuffer into) {
        queue.writeNext(into);
    }
}

package dev.nearhand.transport.interop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts a recording of H.264 into access units; each begins with a delimiter (NAL unit type 9).
final class AnnexBFile {
    private static final int DELIMITER = 0x09;

    private AnnexBFile() {}

    static List<byte[]> frames(byte[] file) {
        List<byte[]> frames = new ArrayList<>();
        int start = 0;
        for (int at = 1; at + 4 < file.length; at++) {
            boolean code = file[at] == 0 && file[at + 1] == 0 && file[at + 2] == 0 && file[at + 3] == 1;
            if (code && file[at + 4] == DELIMITER) {
                frames.add(Arrays.copyOfRange(file, start, at));
                start = at;
            }
        }
        frames.add(Arrays.copyOfRange(file, start, file.length));
        return frames;
    }
}

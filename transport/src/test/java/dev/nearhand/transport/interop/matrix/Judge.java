package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nearhand.testing.interop.Log;
import dev.nearhand.transport.api.EncodedVideoFrame;
import dev.nearhand.transport.api.VideoCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Decodes what arrived here with a decoder that is none of ours: Debian's FFmpeg, through PyAV.
final class Judge {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /// A sender that starts with low quality or a smaller picture has settled by then.
    private static final int FRAMES = 45;

    private final Path script;
    private final Path folder;

    /// @param folder for the films
    Judge(Path drivers, Path folder) {
        this.script = drivers.resolve("judge.py");
        this.folder = folder;
    }

    /// Takes frames from the first key frame on.
    Picture decoded(VideoCodec codec, Ours ours) {
        List<EncodedVideoFrame> frames = new ArrayList<>();
        while (frames.size() < FRAMES) {
            EncodedVideoFrame frame = ours.nextFrame();
            if (frame.codec() != codec) {
                throw new StepException("it sends " + frame.codec() + " where " + codec + " was agreed on");
            }
            if (frame.keyframe() || !frames.isEmpty()) {
                frames.add(frame);
            }
        }
        try {
            Path film = Files.createTempFile(folder, "film", codec == VideoCodec.H264 ? ".h264" : ".ivf");
            Files.write(film, codec == VideoCodec.H264 ? concatenated(frames) : ivf(codec, frames));
            Process process = new ProcessBuilder(PYTHON.toString(), script.toString(), film.toString()).start();
            try {
                Log errors = new Log(process.errorReader(StandardCharsets.UTF_8));
                String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (report.isBlank()) {
                    throw new StepException("the decoder fails: " + errors.text());
                }
                return Picture.of(new ObjectMapper().readTree(report));
            } finally {
                Log.end(process);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] concatenated(List<EncodedVideoFrame> frames) {
        ByteArrayOutputStream film = new ByteArrayOutputStream();
        frames.forEach(frame -> film.writeBytes(bytes(frame)));
        return film.toByteArray();
    }

    private static byte[] bytes(EncodedVideoFrame frame) {
        byte[] bytes = new byte[frame.data().remaining()];
        frame.data().duplicate().get(bytes);
        return bytes;
    }

    private static byte[] ivf(VideoCodec codec, List<EncodedVideoFrame> frames) {
        ByteArrayOutputStream film = new ByteArrayOutputStream();
        String fourCc = codec == VideoCodec.AV1 ? "AV01" : codec.name() + "0";
        film.writeBytes(little(32)
                .put("DKIF".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putShort((short) 32)
                .put(fourCc.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 320)
                .putShort((short) 180)
                .putInt(15)
                .putInt(1)
                .putInt(frames.size())
                .array());
        for (int i = 0; i < frames.size(); i++) {
            byte[] bytes = bytes(frames.get(i));
            film.writeBytes(little(12).putInt(bytes.length).putLong(i).array());
            film.writeBytes(bytes);
        }
        return film.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}

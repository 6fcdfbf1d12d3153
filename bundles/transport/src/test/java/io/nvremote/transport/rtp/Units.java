package io.nvremote.transport.rtp;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.VideoSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Units for tests: the shape of H.264 with random bytes that hold no start code. */
final class Units {

    static final int SSRC = 0x4e565200;

    private Units() {}

    static VideoSpec spec() {
        return new VideoSpec(Codec.H264, SSRC, 1200, new FrameRate(60), Bitrate.ofMegabits(20));
    }

    /** Access unit delimiter, parameter sets for a key frame, and one slice of so many bytes. */
    static byte[] bytes(RandomGenerator random, boolean key, int sliceBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        nal(out, random, 9, 1);
        if (key) {
            nal(out, random, 0x67, 20);
            nal(out, random, 0x68, 4);
        }
        nal(out, random, key ? 0x65 : 0x41, sliceBytes);
        return out.toByteArray();
    }

    private static void nal(ByteArrayOutputStream out, RandomGenerator random, int header, int bytes) {
        out.writeBytes(new byte[] {0, 0, 0, 1, (byte) header});
        for (int i = 0; i < bytes; i++) {
            out.write(1 + random.nextInt(255));
        }
    }

    static AccessUnit unit(byte[] bytes, boolean key, long sequence, StageStamps stamps) {
        return new AccessUnit(Codec.H264, ByteBuffer.wrap(bytes), key, sequence, stamps);
    }

    static byte[] copy(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(data.position(), bytes);
        return bytes;
    }

    /** A generator whose every integer is the same. */
    static RandomGenerator fixed(int value) {
        return () -> (long) value << 32;
    }

    /** The NAL units of an Annex B stream, found in a plain way. */
    static List<byte[]> nals(byte[] stream) {
        List<byte[]> nals = new ArrayList<>();
        int start = -1;
        for (int i = 0; i + 2 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                cut(stream, start, i, nals);
                start = i + 3;
            }
        }
        cut(stream, start, stream.length, nals);
        return nals;
    }

    private static void cut(byte[] stream, int start, int behind, List<byte[]> to) {
        int end = behind;
        while (start >= 0 && end > start && stream[end - 1] == 0) {
            end--;
        }
        if (start >= 0 && end > start) {
            to.add(java.util.Arrays.copyOfRange(stream, start, end));
        }
    }
}

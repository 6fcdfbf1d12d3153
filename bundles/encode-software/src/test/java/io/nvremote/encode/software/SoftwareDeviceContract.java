// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.EncoderContract;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the device does with any of its libraries. */
abstract class SoftwareDeviceContract extends EncoderContract {

    static final Size SIZE = new Size(640, 360);

    private final List<SoftwareDevice> devices = new ArrayList<>();

    abstract SoftwareSettings.Library library();

    final EncodeSpec spec() {
        return spec(codec(), SIZE);
    }

    static EncodeSpec spec(Codec codec, Size size) {
        return EncodeSpec.of(codec, size, new FrameRate(60), Bitrate.ofMegabits(4));
    }

    private SoftwareSettings settings(int threads, int sessionsMax) {
        return new SoftwareSettings(threads, sessionsMax, library());
    }

    /** One that is closed behind the test, if not before. */
    final SoftwareDevice device() {
        SoftwareDevice device = new SoftwareDevice(settings(1, 8), Clock.system());
        devices.add(device);
        return device;
    }

    @AfterEach
    void closeDevices() {
        devices.forEach(SoftwareDevice::close);
    }

    @Override
    protected final Encoder encoder() {
        return device()::open;
    }

    @Override
    protected final Decoder decoder() {
        return SoftwareDecoder.standalone();
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void a_full_device_refuses_with_retry_and_a_closed_stream_makes_room() {
        try (SoftwareDevice device = new SoftwareDevice(settings(1, 1), Clock.system())) {
            EncoderSession first = device.open(spec(), unit -> {});
            refused(() -> device.open(spec(), unit -> {}), EncodeError.DEVICE_FULL);
            first.close();
            device.open(spec(), unit -> {}).close();
        }
    }

    @Test
    void a_size_that_the_library_refuses_leaves_nothing_open() {
        try (SoftwareDevice device = new SoftwareDevice(settings(1, 1), Clock.system())) {
            EncodeSpec huge = spec(codec(), new Size(16384, 16384));
            refused(() -> device.open(huge, unit -> {}), EncodeError.SPEC_REFUSED);
            device.open(spec(), unit -> {}).close();
        }
    }

    @Test
    void a_device_that_goes_ends_its_streams() {
        SoftwareDevice device = device();
        try (TestcardFrames cards = new TestcardFrames(SIZE)) {
            EncoderSession session = device.open(spec(), unit -> {});
            session.encode(cards.next(), false);
            device.close();
            device.close();
            refused(() -> session.encode(cards.next(), false), EncodeError.DEVICE_LOST);
            refused(() -> device.open(spec(), unit -> {}), EncodeError.DEVICE_LOST);
        }
    }

    @Test
    void several_threads_hold_nothing_back() {
        int[] pictures = new int[1];
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                SoftwareDevice device = new SoftwareDevice(settings(2, 8), Clock.system());
                DecoderSession decoder = SoftwareDecoder.standalone().open(codec(), frame -> {
                    assertThat(TestcardReader.read(frame.host())).isPresent();
                    pictures[0]++;
                });
                EncoderSession session = device.open(spec(), decoder::decode)) {
            for (int i = 0; i < 30; i++) {
                session.encode(cards.next(), false);
                assertThat(pictures[0]).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void many_frames_and_streams_do_not_grow_the_process() throws IOException {
        int frames = Boolean.getBoolean("nvremote.long") ? 2000 : 300;
        SoftwareDevice device = device();
        stream(device, frames / 4);
        long pointers = Pointer.totalCount();
        long before = residentBytes();
        stream(device, frames);
        for (int i = 0; i < frames / 20; i++) {
            stream(device, 2);
        }
        device.close();
        assertThat(residentBytes() - before).as("bytes of growth").isLessThan(64L << 20);
        assertThat(Pointer.totalCount()).as("native objects left").isLessThanOrEqualTo(pointers + 8);
    }

    private void stream(SoftwareDevice device, int frames) {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                DecoderSession decoder = SoftwareDecoder.standalone().open(codec(), frame -> {});
                EncoderSession session = device.open(spec(), decoder::decode)) {
            for (int i = 0; i < frames; i++) {
                session.encode(cards.next(), false);
            }
        }
    }

    private static long residentBytes() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        String line = status.stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
}

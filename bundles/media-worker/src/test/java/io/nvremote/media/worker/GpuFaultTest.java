// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.gpu.nvml.NvmlSensor;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.tests.drivers.FakeDriver;
import io.nvremote.worker.WorkerPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fake driver: what it tells of its GPU while a worker runs is told with the worker's death. */
class GpuFaultTest {

    private static final Size SIZE = new Size(640, 360);
    private static final EncodeSpec SPEC = EncodeSpec.of(Codec.H264, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));

    @TempDir
    private Path folder;

    private FakeDriver driver;
    private NvmlSensor sensor;

    @BeforeEach
    void listen() {
        if (!FakeDriver.isThere()) {
            String lacks = "a worker's death with a GPU's fault, on the fake driver: gcc, libc6-dev and libopenh264-7";
            if ("true".equals(System.getenv("CI"))) {
                fail(lacks);
            }
            Assumptions.abort("NOT PROVEN: " + lacks);
        }
        driver = FakeDriver.install(folder, Map.of());
        sensor = new NvmlSensor(driver.folder());
    }

    @AfterEach
    void stop() {
        sensor.close();
        assertThat(driver.report()).isEmpty();
    }

    private void raise(long xid) {
        driver.set("xid.0", xid);
        while (sensor.lastFault().isEmpty()) {
            Clock.system().sleep(Duration.ofMillis(2));
        }
    }

    /** One death is enough, so that the first is told. */
    private WorkerHall hall() {
        WorkerSettings usual = WorkerSettings.standard();
        WorkerSettings once = new WorkerSettings(
                null, 128, 512, 120, usual.callLimit(), usual.startLimit(), 1, usual.crashWindow(), usual.quarantine());
        return TestHall.open(once, sensor);
    }

    private String reasonOfDeath(Runnable meanwhile) {
        try (WorkerHall hall = hall();
                WorkerPlugin<Encoder> plugin =
                        hall.start(Encoder.class, UnrulyEncoder.class, Map.of("misdeed", Misdeed.EXITS.name()));
                TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = plugin.service().open(SPEC, unit -> {})) {
            for (int i = 0; i < UnrulyEncoder.WHEN; i++) {
                session.encode(cards.next(), false);
            }
            meanwhile.run();
            StringBuilder reason = new StringBuilder();
            assertThatThrownBy(() -> session.encode(cards.next(), false)).satisfies(e -> reason.append(e.getMessage()));
            return reason.toString();
        }
    }

    @Test
    void a_fault_since_its_start_is_told_with_how_it_ended() {
        assertThat(reasonOfDeath(() -> raise(31)))
                .contains(
                        "exit code 7; meanwhile the driver told of Xid 31 on GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0");
    }

    @Test
    void one_from_before_its_start_is_not() {
        raise(31);
        assertThat(reasonOfDeath(() -> {})).contains("exit code 7").doesNotContain("Xid");
    }
}

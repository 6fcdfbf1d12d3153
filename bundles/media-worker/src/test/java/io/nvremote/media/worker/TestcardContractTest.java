// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureSource;
import io.nvremote.tck.CaptureSourceContract;
import io.nvremote.worker.WorkerPlugin;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A source in a worker does what one in this process does. */
class TestcardContractTest extends CaptureSourceContract {

    private static WorkerHall hall;
    private static WorkerPlugin<CaptureSource> plugin;

    @BeforeAll
    static void start() {
        hall = TestHall.open();
        plugin = hall.start(CaptureSource.class, TestcardBody.class, Map.of());
    }

    @AfterAll
    static void stop() {
        plugin.close();
        hall.close();
    }

    @Override
    protected CaptureSource source() {
        return plugin.service();
    }
}

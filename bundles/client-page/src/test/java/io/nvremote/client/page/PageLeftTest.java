// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.client.FakeControlPlane;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session whose pages are all closed. */
class PageLeftTest extends BrowserTest {

    @Override
    Duration leftAfter() {
        return Duration.ofMillis(300);
    }

    @Test
    void a_session_ends_soon_after_its_last_page_was_closed() {
        watch();
        assertThat(media.openTunnels.get()).isOne();
        context.close();
        awaitQuietly(() -> media.openTunnels.get() == 0);
        awaitQuietly(() -> control.calls.contains("DELETE /api/v1/sessions/" + FakeControlPlane.SESSION));
    }
}

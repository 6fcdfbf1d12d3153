// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlPlaneLinkTest {

    private static final class Nobody implements ControlPlaneLink.Owner {
        @Override
        public void up(SignalDialer.SignalLink link) {}

        @Override
        public void received(Signal signal) {}

        @Override
        public void down() {}
    }

    @ParameterizedTest
    @CsvSource({
        "1008, CLONED_IDENTITY, PT2M",
        "1008, CLONED_IDENTITY: another machine shows this host's identity, PT2M",
        "1008, REPLACED by a newer connection of this host, PT0S",
        "1013, UNAVAILABLE, PT0S",
        "1006, '', PT0S",
    })
    void a_host_whose_identity_another_machine_shows_comes_again_after_minutes(int code, String said, Duration pause) {
        ControlPlaneLink link = new ControlPlaneLink(null, new Nobody());
        link.down(code, said);
        assertThat(link.pause(code, said)).isEqualTo(pause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes(2, Duration.ZERO);

    @Test
    void an_organisation_has_its_share_and_no_more_and_another_one_its_own() {
        Lanes.Place first = lanes.enter("a", false);
        Lanes.Place second = lanes.enter("a", false);
        refused("a", false);
        lanes.enter("b", false).close();
        first.close();
        lanes.enter("a", false).close();
        second.close();
        assertThat(lanes.busy()).as("organisations kept in memory").isZero();
    }

    @Test
    void of_those_who_waited_in_vain_one_at_a_time_is_let_in_and_takes_no_share() {
        Lanes.Place patient = lanes.enter("a", true);
        refused("a", true);
        Lanes.Place first = lanes.enter("a", false);
        Lanes.Place second = lanes.enter("a", false);
        patient.close();
        lanes.enter("a", true).close();
        first.close();
        second.close();
        assertThat(lanes.busy()).isZero();
    }

    private void refused(String org, boolean patient) {
        assertThatThrownBy(() -> lanes.enter(org, patient))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.CONFLICT));
    }
}

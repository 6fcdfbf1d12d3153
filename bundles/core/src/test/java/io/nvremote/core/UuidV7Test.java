// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    @Test
    void ids_rise_and_carry_version_and_variant() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(UuidV7.next());
        }
        assertThat(ids)
                .isSortedAccordingTo(Comparator.comparing(UUID::toString))
                .doesNotHaveDuplicates();
        assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2);
    }

    @Test
    void text_that_is_no_uuid_is_refused_with_a_caller_error() {
        assertThatThrownBy(() -> HostId.of("1-2-3-4-5"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_ID));
        assertThatThrownBy(() -> HostId.of("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"))
                .isInstanceOf(StreamException.class);
        HostId id = HostId.next();
        assertThat(HostId.of(id.toString())).isEqualTo(id);
    }
}

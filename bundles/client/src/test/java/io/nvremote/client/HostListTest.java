// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.signaling.Signal;
import io.nvremote.viewer.HostEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostListTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final OrgId org = OrgId.next();
    private final HostId a = HostId.next();
    private final HostId b = HostId.next();
    private final HostList list = new HostList();

    private Signal.HostStatus told(HostId host, String status, Instant at) {
        return new Signal.HostStatus(
                host,
                status,
                10.0,
                0,
                at,
                new Signal.HostLoad(5, 100L, 50L),
                new Signal.HostLabel(org, host.equals(a) ? "alpha" : "beta", "RTX", "Linux", at));
    }

    private List<String> shown() {
        return list.all().stream()
                .map(host -> host.name() + " " + host.status())
                .toList();
    }

    @Test
    void hosts_are_shown_as_they_are_told_and_named_by_their_organisation() {
        list.begin();
        list.told(told(b, "ONLINE", NOON));
        list.told(told(a, "OFFLINE", NOON));
        assertThat(list.strange()).isTrue();
        assertThat(list.whole()).isFalse();
        list.complete(2);
        list.orgs(Map.of(org, "Render Lab"));
        assertThat(list.whole()).isTrue();
        assertThat(shown()).containsExactly("alpha OFFLINE", "beta ONLINE");
        assertThat(list.all()).extracting(HostEntry::org).containsOnly("Render Lab");
        assertThat(list.strange()).isFalse();
    }

    @Test
    void an_organisation_whose_name_nobody_says_is_asked_for_once() {
        list.told(told(a, "ONLINE", NOON));
        list.orgs(Map.of(OrgId.next(), "Another"));
        assertThat(list.strange()).isFalse();
        assertThat(list.all()).extracting(HostEntry::org).containsOnly("");
        list.orgs(Map.of(org, "Render Lab"));
        assertThat(list.all()).extracting(HostEntry::org).containsOnly("Render Lab");
    }

    @Test
    void a_second_list_on_the_same_channel_takes_away_what_it_does_not_hold() {
        list.begin();
        list.told(told(a, "ONLINE", NOON));
        list.told(told(b, "ONLINE", NOON));
        list.complete(2);
        list.told(told(b, "ONLINE", NOON.plusSeconds(1)));
        list.complete(1);
        assertThat(shown()).containsExactly("beta ONLINE");
    }

    @Test
    void lists_that_overlap_take_nothing_away() {
        list.told(told(a, "ONLINE", NOON));
        list.complete(1); // the first list ends within the second
        list.told(told(b, "ONLINE", NOON));
        list.complete(2);
        assertThat(shown()).containsExactly("alpha ONLINE", "beta ONLINE");
    }

    @Test
    void what_is_older_than_what_is_known_changes_nothing() {
        list.told(told(a, "ONLINE", NOON));
        list.told(told(a, "OFFLINE", NOON.minusSeconds(1)));
        assertThat(shown()).containsExactly("alpha ONLINE");
        list.told(told(a, "BUSY", NOON.plusSeconds(1)));
        assertThat(shown()).containsExactly("alpha BUSY");
    }

    @Test
    void a_list_that_comes_anew_takes_away_only_when_it_is_whole() {
        list.told(told(a, "ONLINE", NOON));
        list.told(told(b, "ONLINE", NOON));
        list.complete(2);
        list.begin(); // the channel was away
        assertThat(list.all()).as("not knowing is not none").hasSize(2);
        list.told(told(b, "ONLINE", NOON));
        assertThat(list.all()).hasSize(2);
        list.complete(1);
        assertThat(shown()).containsExactly("beta ONLINE");
        list.removed(b);
        assertThat(list.all()).isEmpty();
    }

    @Test
    void figures_alone_leave_what_a_host_is_called() {
        list.told(told(a, "ONLINE", NOON));
        list.told(new Signal.HostStatus(a, "ONLINE", 90.0, 2, NOON.plusSeconds(1), null, null));
        HostEntry host = list.find(a).orElseThrow();
        assertThat(host.name()).isEqualTo("alpha");
        assertThat(host.gpuUsage()).isEqualTo(90.0);
        assertThat(host.activeSessions()).isEqualTo(2);
        list.told(new Signal.HostStatus(b, "ONLINE", 1.0, 0, NOON, null, null));
        assertThat(list.find(b)).as("nobody knows what it is called").isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankedServicesTest {

    private final RankedServices<String> services = new RankedServices<>();

    @Test
    void the_highest_ranking_comes_first_in_whatever_order_they_came() {
        services.add(offered("low", 1, -5));
        services.add(offered("high", 2, 10));
        services.add(offered("unranked", 3, null));
        assertThat(chosen()).containsExactly("high", "unranked", "low");
        assertThat(services.all().stream().map(ServiceCandidate::service)).containsExactly("high", "unranked", "low");
    }

    @Test
    void of_equal_ranking_the_one_that_came_first_stays_the_best() {
        services.add(offered("second", 7, 3));
        services.add(offered("first", 4, 3));
        services.add(offered("third", 9, 3));
        assertThat(chosen()).containsExactly("first", "second", "third");
    }

    @Test
    void one_that_comes_late_takes_its_place_and_is_told_of() {
        List<List<String>> seen = new ArrayList<>();
        services.add(offered("here", 1, 0));
        Runnable end = services.onChange(() -> seen.add(chosen()));
        services.add(offered("better", 2, 1));
        services.add(offered("worse", 3, -1));
        end.run();
        services.add(offered("unheard", 4, 9));
        assertThat(seen).containsExactly(List.of("better", "here"), List.of("better", "here", "worse"));
    }

    @Test
    void one_that_goes_is_held_no_more_and_the_next_is_the_best() {
        ServiceCandidate<String> going = offered("going", 1, 5);
        services.add(going);
        services.add(offered("staying", 2, 0));
        List<Boolean> told = new ArrayList<>();
        services.onChange(() -> told.add(services.holds(going)));
        services.remove(going.serviceId());
        assertThat(told).containsExactly(false);
        assertThat(services.now(going)).isEmpty();
        assertThat(chosen()).containsExactly("staying");
        services.remove(going.serviceId());
        assertThat(chosen()).containsExactly("staying");
    }

    @Test
    void one_that_changes_its_ranking_moves_and_stays_the_same_service() {
        ServiceCandidate<String> before = offered("moving", 1, 5);
        services.add(before);
        services.add(offered("other", 2, 3));
        List<Boolean> held = new ArrayList<>();
        services.onChange(() -> held.add(services.holds(before)));
        ServiceCandidate<String> after = offered("moving", 1, 0);
        services.add(after);
        assertThat(chosen()).containsExactly("other", "moving");
        assertThat(held).as("who uses it needn't let go of it").containsExactly(true);
        assertThat(services.now(before).orElseThrow().ranking()).isZero();
        assertThat(Set.of(before)).as("what is remembered of it stands").contains(after);
    }

    @Test
    void what_a_service_can_do_may_change_too() {
        services.add(offered("one", 1, 0));
        services.add(ServiceCandidate.of("one", Map.of("service.id", 1L, "kind", "other"), "kind"));
        assertThat(chosen()).isEmpty();
        assertThat(services.best("other")).isPresent();
        assertThat(services.kinds()).containsExactly("other");
    }

    @Test
    void one_that_failed_is_no_choice_but_a_last_resort_until_it_is_registered_anew() {
        ServiceCandidate<String> bad = offered("bad", 1, 9);
        services.add(bad);
        services.add(offered("good", 2, 0));
        services.setAside(bad, "threw");
        assertThat(chosen()).containsExactly("good");
        assertThat(services.lastResorts("kind").map(ServiceCandidate::service)).containsExactly("bad");
        services.add(offered("bad", 1, 10));
        assertThat(chosen()).as("another ranking mends nothing").containsExactly("good");
        Map<String, String> told = new HashMap<>();
        services.forEach((offered, why) -> told.put(offered.service(), String.valueOf(why)));
        assertThat(told).isEqualTo(Map.of("bad", "threw", "good", "null"));
        services.remove(1);
        services.add(offered("bad", 3, 9));
        assertThat(chosen()).containsExactly("bad", "good");
    }

    @Test
    void one_that_is_not_here_can_not_be_set_aside() {
        List<String> told = new ArrayList<>();
        services.onChange(() -> told.add("changed"));
        services.setAside(offered("elsewhere", 1, 0), "threw");
        services.add(offered("here", 1, 0));
        assertThat(chosen()).containsExactly("here");
        assertThat(told).hasSize(1);
    }

    @Test
    void a_newer_version_of_the_same_bundle_stands_in_for_the_older_where_it_can_do_the_same() {
        services.add(of("old", 1, Set.of("h264", "av1"), "1.9.0"));
        services.add(of("new", 2, Set.of("h264"), "1.10.0"));
        assertThat(services.choices("h264").stream().map(ServiceCandidate::service))
                .containsExactly("new");
        assertThat(services.choices("av1").stream().map(ServiceCandidate::service))
                .containsExactly("old");
        services.setAside(services.best("h264").orElseThrow(), "threw");
        assertThat(services.choices("h264").stream().map(ServiceCandidate::service))
                .as("back to what worked")
                .containsExactly("old");
    }

    @Test
    void a_service_without_a_kind_is_nobodys_choice() {
        services.add(ServiceCandidate.of("nameless", Map.of("service.id", 1L), "kind"));
        assertThat(services.kinds()).isEmpty();
        assertThat(chosen()).isEmpty();
        assertThat(services.all()).hasSize(1);
    }

    @Test
    void a_component_that_gives_no_service_says_so() {
        ServiceCandidate<String> empty =
                new ServiceCandidate<>(() -> null, 1, 0, Set.of("kind"), 5, "io.example", "1.0.0");
        assertThatThrownBy(empty::service).isInstanceOf(IllegalStateException.class);
        assertThat(empty).hasToString("io.example 1.0.0");
    }

    private List<String> chosen() {
        return services.choices("kind").stream().map(ServiceCandidate::service).toList();
    }

    private static ServiceCandidate<String> offered(String service, long id, Integer ranking) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.id", id, "kind", new String[] {"kind"}));
        if (ranking != null) {
            properties.put("service.ranking", ranking);
        }
        return ServiceCandidate.of(service, properties, "kind");
    }

    private static ServiceCandidate<String> of(String service, long id, Set<String> kinds, String version) {
        return new ServiceCandidate<>(() -> service, id, 0, kinds, id, "io.example", version);
    }
}

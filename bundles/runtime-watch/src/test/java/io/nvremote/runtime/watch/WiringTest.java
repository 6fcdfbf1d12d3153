// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.ACTIVE;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.FAILED_ACTIVATION;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.SATISFIED;

import io.nvremote.runtime.watch.Wiring.Part;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

class WiringTest {

    private static final long OWN = 7;

    private final Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> all = new LinkedHashMap<>();
    private long services;

    @Test
    void behind_what_stays_unmade_is_what_it_needs_and_that_does_not_run_either() {
        part("link", SATISFIED, mandatory("keys", "(name=plane)"));
        part("keys", SATISFIED, Map.of("name", "plane"), mandatory("files", null));
        part("files", ACTIVE);
        assertThat(behind("link")).containsExactly("keys");
    }

    @Test
    void the_farthest_of_a_chain_and_each_of_several() {
        part("plane", SATISFIED, mandatory("rights", null), mandatory("keys", null), mandatory("clock", null));
        part("rights", FAILED_ACTIVATION, mandatory("authority", null));
        part("authority", FAILED_ACTIVATION, mandatory("clock", null));
        part("keys", SATISFIED);
        part("clock", ACTIVE);
        assertThat(behind("plane")).containsExactlyInAnyOrder("authority", "keys");
        assertThat(behind("authority")).containsExactly("authority");
    }

    @Test
    void not_what_it_can_do_without_nor_what_another_offers_nor_what_it_does_not_ask_for() {
        ReferenceDTO optional = mandatory("extra", null);
        optional.cardinality = "0..1";
        part("link", SATISFIED, optional, mandatory("keys", "(name=plane)"), mandatory("store", null));
        part("extra", SATISFIED);
        part("keys", SATISFIED, Map.of("name", "server"));
        part("store", ACTIVE);
        part("other", SATISFIED);
        all.keySet().stream()
                .filter(component -> component.name.equals("other"))
                .forEach(component -> component.serviceInterfaces = new String[] {"store"});
        assertThat(behind("link")).containsExactly("link");
    }

    @Test
    void two_that_need_each_other_end_somewhere() {
        part("one", SATISFIED, mandatory("two", null));
        part("two", SATISFIED, mandatory("one", null));
        assertThat(behind("one")).containsExactly("two");
    }

    @Test
    void who_runs_without_what_it_is_bound_to_was_refused_it() {
        ComponentConfigurationDTO takes = part("takes", ACTIVE, mandatory("it", null));
        takes.satisfiedReferences = bound("it", null, service(3, 5));
        assertThat(refused("takes")).isEqualTo("it[takes]");
    }

    @Test
    void what_was_refused_may_not_be_made_itself_or_lack_what_is_not() {
        ComponentConfigurationDTO takes = part("takes", ACTIVE, mandatory("it", null));
        ComponentConfigurationDTO it = part("it", SATISFIED, mandatory("keys", null));
        takes.satisfiedReferences = bound("it", it.service);
        assertThat(refused("takes")).isEqualTo("it[it]");
        part("keys", SATISFIED);
        assertThat(refused("takes")).isEqualTo("it[keys]");
    }

    @Test
    void who_may_have_been_refused_what_came_back_is_who_nobody_uses() {
        part("it", ACTIVE);
        part("idle", SATISFIED, mandatory("it", null));
        part("used", ACTIVE, mandatory("it", null));
        part("failed", FAILED_ACTIVATION, mandatory("it", null));
        part("stranger", SATISFIED, mandatory("other", null));
        part("stuck", SATISFIED, mandatory("it", null));
        all.keySet().stream()
                .filter(component -> component.name.equals("stuck"))
                .forEach(component -> component.immediate = true);
        assertThat(wiring().idle(part("it")))
                .extracting(part -> part.component().name)
                .containsExactly("idle");
    }

    @Test
    void who_uses_it_is_given_it_later_or_does_not_run_was_not() {
        ComponentConfigurationDTO takes = part("takes", ACTIVE, mandatory("it", null));
        takes.satisfiedReferences = bound("it", service(3, OWN), null, service(OWN));
        assertThat(refused("takes")).isNull();
        takes.satisfiedReferences = bound("it");
        assertThat(refused("takes")).isNull();
        ComponentConfigurationDTO later = part("later", ACTIVE, mandatory("it", null));
        later.satisfiedReferences = bound("it", service());
        assertThat(new Wiring(all, (component, reference) -> false).refused(part("later")))
                .isNull();
        later.state = SATISFIED;
        assertThat(refused("later")).isNull();
    }

    private Set<String> behind(String name) {
        return wiring().behind(part(name)).stream()
                .map(part -> part.component().name)
                .collect(Collectors.toSet());
    }

    private @Nullable String refused(String name) {
        Wiring.Refused refused = wiring().refused(part(name));
        return refused == null
                ? null
                : refused.service()
                        + refused.tried().stream()
                                .map(part -> part.component().name)
                                .toList();
    }

    private Wiring wiring() {
        return new Wiring(all, (component, reference) -> true);
    }

    private Part part(String name) {
        return wiring().parts().stream()
                .filter(part -> part.component().name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ComponentConfigurationDTO part(String name, int state, ReferenceDTO... references) {
        return part(name, state, Map.of(), references);
    }

    private ComponentConfigurationDTO part(
            String name, int state, Map<String, Object> properties, ReferenceDTO... references) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.name = name;
        component.serviceInterfaces = new String[] {name};
        component.references = references;
        component.bundle = new BundleDTO();
        component.bundle.id = OWN;
        ComponentConfigurationDTO one = new ComponentConfigurationDTO();
        one.state = state;
        one.service = service();
        one.service.properties = properties;
        one.satisfiedReferences = Arrays.stream(references)
                .flatMap(reference -> Arrays.stream(bound(reference.name)))
                .toArray(SatisfiedReferenceDTO[]::new);
        for (int i = 0; i < references.length; i++) {
            one.satisfiedReferences[i].target = references[i].target;
        }
        all.put(component, List.of(one));
        return one;
    }

    private static ReferenceDTO mandatory(String service, @Nullable String target) {
        ReferenceDTO reference = new ReferenceDTO();
        reference.name = service;
        reference.interfaceName = service;
        reference.cardinality = "1..1";
        reference.target = target;
        return reference;
    }

    private ServiceReferenceDTO service(long... users) {
        ServiceReferenceDTO service = new ServiceReferenceDTO();
        service.id = ++services;
        service.properties = Map.of();
        service.usingBundles = users;
        return service;
    }

    private static SatisfiedReferenceDTO[] bound(String reference, @Nullable ServiceReferenceDTO... services) {
        SatisfiedReferenceDTO satisfied = new SatisfiedReferenceDTO();
        satisfied.name = reference;
        satisfied.boundServices = services;
        return new SatisfiedReferenceDTO[] {satisfied};
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.ACTIVE;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.FAILED_ACTIVATION;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.SATISFIED;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION;
import static org.osgi.service.component.runtime.dto.ComponentConfigurationDTO.UNSATISFIED_REFERENCE;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class OffersTest {

    private static final String KEYS = "io.nvremote.keys.KeyMaterial";

    private final Offers offers = new Offers();

    @Test
    void what_nobody_configured_offers_is_waited_for_in_vain() {
        offers.add(offering(KEYS), states(ACTIVE, SATISFIED));
        assertThat(lacking(KEYS, "(keys.name=servr)"))
                .isEqualTo(
                        "waits for a KeyMaterial with (keys.name=servr), which nothing that is configured here offers");
    }

    @Test
    void who_would_offer_it_has_no_configuration() {
        offers.add(offering(KEYS), states());
        offers.add(offering(KEYS), states(UNSATISFIED_CONFIGURATION));
        assertThat(lacking(KEYS, null))
                .isEqualTo("waits for a KeyMaterial, which nothing that is configured here offers");
    }

    @Test
    void what_lacks_or_failed_itself_may_come_and_is_told_of_by_its_own_name() {
        offers.add(offering(KEYS), states(ACTIVE, UNSATISFIED_REFERENCE));
        assertThat(lacking(KEYS, null)).isNull();
        offers.add(offering("a.Store"), states(FAILED_ACTIVATION));
        assertThat(lacking("a.Store", null)).isNull();
        ComponentDescriptionDTO disabled = offering("a.Disabled");
        disabled.defaultEnabled = false;
        offers.add(disabled, states());
        assertThat(lacking("a.Disabled", null)).isNull();
    }

    @Test
    void what_no_component_offers_and_conditions_are_others_to_bring() {
        offers.add(offering("org.osgi.service.condition.Condition"), states(ACTIVE));
        assertThat(lacking("org.osgi.service.condition.Condition", "(osgi.condition.id=x)"))
                .isNull();
        assertThat(lacking("javax.sql.DataSource", null)).isNull();
    }

    @Test
    void what_nobody_configured_rests() {
        offers.add(offering(KEYS), states());
        UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
        reference.name = "it";
        ComponentConfigurationDTO resting = states(UNSATISFIED_REFERENCE).getFirst();
        resting.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {reference};
        resting.properties = Map.of();
        assertThat(offers.lacking(waiting(KEYS), resting)).isNull();
    }

    @Test
    void who_runs_waits_for_nothing() {
        offers.add(offering(KEYS), states(ACTIVE));
        ComponentConfigurationDTO running = states(ACTIVE).getFirst();
        running.unsatisfiedReferences = new UnsatisfiedReferenceDTO[0];
        assertThat(offers.lacking(waiting(KEYS), running)).isNull();
    }

    private @Nullable String lacking(String service, @Nullable String target) {
        UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
        reference.name = "it";
        reference.target = target;
        ComponentConfigurationDTO one = states(UNSATISFIED_REFERENCE).getFirst();
        one.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {reference};
        return offers.lacking(waiting(service), one);
    }

    private static ComponentDescriptionDTO waiting(String service) {
        ReferenceDTO reference = new ReferenceDTO();
        reference.name = "it";
        reference.interfaceName = service;
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.references = new ReferenceDTO[] {reference};
        return component;
    }

    private static ComponentDescriptionDTO offering(String service) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.defaultEnabled = true;
        component.serviceInterfaces = new String[] {service};
        return component;
    }

    private static List<ComponentConfigurationDTO> states(int... states) {
        return IntStream.of(states)
                .mapToObj(state -> {
                    ComponentConfigurationDTO one = new ComponentConfigurationDTO();
                    one.state = state;
                    one.properties = Map.of("service.pid", "it");
                    return one;
                })
                .toList();
    }
}

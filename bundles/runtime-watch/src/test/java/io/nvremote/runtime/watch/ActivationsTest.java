// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;

class ActivationsTest {

    /** A component whose start takes until somebody lets it go on. */
    private static class Slow {

        private final CountDownLatch begun;
        private final CountDownLatch on;

        Slow(boolean slow, CountDownLatch begun, CountDownLatch on) {
            this.begun = begun;
            this.on = on;
            if (slow) {
                linger();
            }
        }

        void start() {
            linger();
        }

        void work() {
            linger();
        }

        private void linger() {
            begun.countDown();
            boolean done = false;
            while (!done) {
                try {
                    on.await();
                    done = true;
                } catch (InterruptedException e) {
                    // It is let go on in the end.
                }
            }
        }
    }

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch on = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_in_its_constructor_or_activation_is_on_its_way(boolean inConstructor) throws InterruptedException {
        ComponentDescriptionDTO component = component();
        assertThat(isActivating(component)).isFalse();
        Thread thread = Thread.ofPlatform().start(() -> {
            Slow made = new Slow(inConstructor, begun, on);
            if (!inConstructor) {
                made.start();
            }
        });
        begun.await();
        assertThat(isActivating(component)).isTrue();
        on.countDown();
        thread.join();
        assertThat(isActivating(component)).isFalse();
    }

    @Test
    void what_only_works_is_not() throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(() -> new Slow(false, begun, on).work());
        begun.await();
        assertThat(isActivating(component())).isFalse();
        on.countDown();
        thread.join();
    }

    @Test
    void what_gets_it_by_way_of_others_is_on_its_way_too_and_nobody_else() throws InterruptedException {
        ComponentDescriptionDTO slow = component();
        slow.serviceInterfaces = new String[] {"a.Slow"};
        ComponentDescriptionDTO between = other("a.Between", "a.Slow", "a.Absent");
        ComponentDescriptionDTO far = other("a.Far", "a.Between", "a.Far");
        ComponentDescriptionDTO stranger = other("a.Stranger", "a.Other");
        ComponentDescriptionDTO round = other("a.Other", "a.Stranger");
        List<ComponentDescriptionDTO> all = List.of(far, between, stranger, round, slow);
        Thread thread = Thread.ofPlatform().start(() -> new Slow(true, begun, on));
        begun.await();
        Activations activations = new Activations(all);
        assertThat(all.stream().filter(activations::include)).containsExactly(far, between, slow);
        on.countDown();
        thread.join();
        assertThat(all.stream().filter(new Activations(all)::include)).isEmpty();
    }

    private static ComponentDescriptionDTO other(String offered, String... got) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.implementationClass = offered + "Component";
        component.serviceInterfaces = new String[] {offered};
        component.references = Arrays.stream(got)
                .map(service -> {
                    ReferenceDTO reference = new ReferenceDTO();
                    reference.interfaceName = service;
                    return reference;
                })
                .toArray(ReferenceDTO[]::new);
        return component;
    }

    private static boolean isActivating(ComponentDescriptionDTO component) {
        return new Activations(List.of(component)).include(component);
    }

    private static ComponentDescriptionDTO component() {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.serviceInterfaces = new String[0];
        component.references = new ReferenceDTO[0];
        component.implementationClass = Slow.class.getName();
        component.activate = "start";
        return component;
    }
}

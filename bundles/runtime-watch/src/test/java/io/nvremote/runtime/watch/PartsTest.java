// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class PartsTest {

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
        assertThat(Parts.isActivating(component)).isFalse();
        Thread thread = Thread.ofPlatform().start(() -> {
            Slow made = new Slow(inConstructor, begun, on);
            if (!inConstructor) {
                made.start();
            }
        });
        begun.await();
        assertThat(Parts.isActivating(component)).isTrue();
        on.countDown();
        thread.join();
        assertThat(Parts.isActivating(component)).isFalse();
    }

    @Test
    void what_only_works_is_not() throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(() -> new Slow(false, begun, on).work());
        begun.await();
        assertThat(Parts.isActivating(component())).isFalse();
        on.countDown();
        thread.join();
    }

    private static ComponentDescriptionDTO component() {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.implementationClass = Slow.class.getName();
        component.activate = "start";
        return component;
    }
}

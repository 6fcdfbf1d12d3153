// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.runtime.Front;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoorTest {

    private final Door door = new Door(Duration.ofMinutes(5));
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> told = new ArrayList<>();
    private final HttpServletResponse response = HttpServletResponse.class.cast(Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (self, method, arguments) -> {
                told.add(method.getName() + List.of(arguments));
                return null;
            }));

    private Thread asks(FilterChain chain) {
        return asks(door, chain);
    }

    private Thread asks(Door at, FilterChain chain) {
        return Thread.ofVirtual().start(() -> {
            try {
                at.doFilter(null, response, chain);
            } catch (IOException | ServletException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void answer(@Nullable Object request, @Nullable Object response) {
        answered.incrementAndGet();
    }

    private static void awaitWaiting(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(2);
        }
    }

    @Test
    void who_asks_while_it_is_held_waits_and_is_answered_when_the_last_lets_go() throws Exception {
        asks(this::answer).join();
        assertThat(answered).hasValue(1);
        Front.Hold one = door.hold();
        Front.Hold other = door.hold();
        Thread waiting = asks(this::answer);
        awaitWaiting(waiting);
        one.close();
        one.close();
        assertThat(answered).as("held by the other still").hasValue(1);
        other.close();
        waiting.join();
        assertThat(answered).hasValue(2);
        assertThat(told).isEmpty();
    }

    @Test
    void what_is_being_answered_ends_first() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
        Thread slow = asks((request, response) -> {
            inside.countDown();
            try {
                on.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answered.incrementAndGet();
        });
        inside.await();
        AtomicInteger seen = new AtomicInteger(-1);
        Thread holder = Thread.ofVirtual().start(() -> {
            try (Front.Hold _ = door.hold()) {
                seen.set(answered.get());
            }
        });
        awaitWaiting(holder);
        on.countDown();
        holder.join();
        slow.join();
        assertThat(seen).as("answered before it was held").hasValue(1);
    }

    @Test
    void who_waited_too_long_is_told_to_come_back() throws Exception {
        Door impatient = new Door(Duration.ofMillis(1));
        try (Front.Hold _ = impatient.hold()) {
            asks(impatient, this::answer).join();
        }
        assertThat(answered).hasValue(0);
        assertThat(told).containsExactly("setHeader[Retry-After, 1]", "sendError[503]");
        asks(impatient, this::answer).join();
        assertThat(answered).hasValue(1);
    }

    @Test
    void an_answer_that_fails_is_over_too() throws Exception {
        Thread failing = Thread.ofVirtual().unstarted(() -> {
            try {
                door.doFilter(null, response, (request, response) -> {
                    throw new ServletException("fails");
                });
            } catch (IOException | ServletException e) {
                answered.incrementAndGet();
            }
        });
        failing.start();
        failing.join();
        door.hold().close(); // Waits for nobody.
        assertThat(answered).hasValue(1);
    }

    @Test
    void when_it_goes_everybody_is_let_in() throws Exception {
        Front.Hold hold = door.hold();
        Thread waiting = asks(this::answer);
        awaitWaiting(waiting);
        door.close();
        waiting.join();
        assertThat(answered).hasValue(1);
        hold.close();
        asks(this::answer).join();
        assertThat(answered).hasValue(2);
    }
}

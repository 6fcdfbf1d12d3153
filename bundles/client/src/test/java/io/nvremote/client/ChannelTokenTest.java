// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer.SignalLink;
import io.nvremote.viewer.ViewerError;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChannelTokenTest {

    private static final String REDIRECT = "http://127.0.0.1:9/callback";
    private static final Signal.Refusal EXPIRED = new Signal.Refusal("TOKEN_EXPIRED", "the access token expired");

    private final Link link = new Link();
    private final List<StreamException> over = new ArrayList<>();
    private long nanos = 1_000;
    private FakeControlPlane control;
    private ControlPlane rest;
    private SignIn signIn;
    private ChannelToken channel;

    /** Keeps what was sent. */
    private static final class Link implements SignalLink {
        private final List<Signal> sent = new ArrayList<>();
        private boolean closed;

        @Override
        public boolean send(Signal signal) {
            return sent.add(signal);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        rest = new ControlPlane(control.base(), null);
        signIn = new SignIn(rest, rest.base(), new Clock() {
            @Override
            public Instant instant() {
                return Instant.EPOCH;
            }

            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public void sleep(Duration duration) {}
        });
        URI begun = signIn.begin(REDIRECT);
        signIn.finish(control.person(begun));
        channel = new ChannelToken(signIn, over::add);
        channel.up(link);
        channel.taken();
    }

    @AfterEach
    void stop() {
        rest.close();
        control.close();
    }

    @Test
    void the_next_token_is_shown_before_the_one_before_ends_and_not_earlier() {
        channel.renew(link);
        assertThat(link.sent).containsExactly(new Signal.ClientAuth(new Secret("access")));
        control.access = "next";
        nanos += Duration.ofSeconds(845).toNanos();
        channel.renew(link);
        channel.renew(link);
        assertThat(link.sent)
                .containsExactly(
                        new Signal.ClientAuth(new Secret("access")), new Signal.ClientAuth(new Secret("next")));
    }

    @Test
    void a_refused_token_is_replaced_once_and_shown_when_the_channel_is_up_again() {
        control.access = "next";
        channel.refused(link, EXPIRED);
        channel.up(link);
        channel.taken();
        assertThat(link.sent)
                .containsExactly(
                        new Signal.ClientAuth(new Secret("access")), new Signal.ClientAuth(new Secret("next")));
        assertThat(over).isEmpty();
        assertThat(link.closed).isFalse();
    }

    @Test
    void a_sign_in_that_is_over_closes_the_channel_and_says_so() {
        control.refuseRefresh = true;
        channel.refused(link, EXPIRED);
        assertThat(link.closed).isTrue();
        assertThat(over).singleElement().satisfies(e -> assertThat(e.code()).isEqualTo(ViewerError.SIGN_IN_REQUIRED));
    }

    @Test
    void a_control_plane_that_is_away_closes_nothing() {
        control.refresh = new FakeControlPlane.Odd(503, "");
        channel.refused(link, EXPIRED);
        channel.up(link);
        nanos += Duration.ofSeconds(1000).toNanos();
        channel.renew(link);
        assertThat(link.closed).isFalse();
        assertThat(over).isEmpty();
    }

    @Test
    void tokens_that_are_all_refused_end_the_channel_instead_of_dialling_for_ever() {
        for (int i = 0; i < 3; i++) {
            assertThat(link.closed).isFalse();
            control.access = "next " + i;
            channel.refused(link, EXPIRED);
            channel.up(link);
        }
        assertThat(link.closed).isTrue();
        assertThat(over).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("refused 3 tokens"));
    }

    @Test
    void the_refusal_of_something_else_leaves_the_token_alone() {
        channel.refused(link, new Signal.Refusal("INVALID_FIELD", "candidates"));
        assertThat(control.attempts).isEmpty();
    }
}

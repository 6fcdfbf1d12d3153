// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import java.time.Duration;
import java.util.List;

/** What is done again and again: overdue sessions, gateways that came back, who is connected, rights that ended. */
final class Housekeeping implements AutoCloseable {

    private static final Duration ROUND = Duration.ofSeconds(1);
    /** With the 5 s that a sign-in is known for at most, rights are looked at within the limits of their end. */
    private static final Duration RIGHTS = Duration.ofSeconds(1);

    private static final Duration COMPARE = Duration.ofSeconds(10);

    private final List<PeriodicTask> tasks;

    Housekeeping(
            Broker broker,
            Gateways gateways,
            SessionOrchestrator work,
            PresenceRecorder recorder,
            Rights rights,
            Duration hostSilence) {
        tasks = List.of(
                new PeriodicTask("gateways", ROUND, gateways::agree),
                new PeriodicTask("sessions", ROUND, () -> broker.expireOverdue(recorder::connected)
                        .forEach(work::ended)),
                new PeriodicTask("presence", ROUND, recorder::flush),
                new PeriodicTask("silence", COMPARE, () -> recorder.compare(hostSilence)),
                new PeriodicTask("rights", RIGHTS, () -> {
                    // Looked at before the sessions and closed after them: whatever ended a connection's right is seen
                    // by
                    // the sessions too, and their ends are said on the sockets that then close.
                    List<Rights.Lapsed> lapsed = rights.lapsed();
                    rights.sessions(
                            running(broker),
                            (session, why) -> work.disconnect(session.org(), session.id(), why, Actor.SYSTEM));
                    rights.close(lapsed);
                }));
    }

    private static List<StreamSession> running(Broker broker) {
        return broker.gateways().stream()
                .map(Gateway::id)
                .flatMap(gateway -> broker.live(gateway).stream())
                .toList();
    }

    void start() {
        tasks.forEach(PeriodicTask::start);
    }

    @Override
    public void close() {
        tasks.forEach(PeriodicTask::close);
    }
}

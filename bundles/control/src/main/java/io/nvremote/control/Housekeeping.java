// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import io.nvremote.core.SessionId;
import io.nvremote.lib.tasks.PeriodicTask;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done again and again: overdue sessions, gateways that came back, who is connected, rights that ended. */
final class Housekeeping implements AutoCloseable {

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration COMPARE = Duration.ofSeconds(10);

    private final EndedRights ended;
    private final List<PeriodicTask> tasks;

    /** Begins at once. */
    Housekeeping(
            Broker broker,
            Gateways gateways,
            SessionOrchestrator work,
            PresenceRecorder recorder,
            Rights rights,
            Duration hostSilence) {
        ended = new EndedRights(look(broker, work, rights));
        tasks = List.of(
                PeriodicTask.atOnce(ROUND, "control-gateways", gateways::agree),
                PeriodicTask.atOnce(
                        ROUND,
                        "control-sessions",
                        () -> runAll(broker.expireOverdue(recorder::connected).stream()
                                .<Runnable>map(session -> () -> work.ended(session))
                                .toList())),
                PeriodicTask.atOnce(ROUND, "control-presence", recorder::flush),
                PeriodicTask.atOnce(COMPARE, "control-silence", () -> recorder.compare(hostSilence)),
                PeriodicTask.atOnce(EndedRights.PERIOD, "control-rights", ended::round));
    }

    private static EndedRights.Look look(Broker broker, SessionOrchestrator work, Rights rights) {
        return new EndedRights.Look() {
            @Override
            public List<EndedRights.Closing> connections() {
                return rights.lapsed();
            }

            @Override
            public Map<SessionId, EndedRights.Ending> sessions() {
                Map<SessionId, EndedRights.Ending> ends = new LinkedHashMap<>();
                rights.sessions(
                        running(broker),
                        (session, why) -> ends.put(
                                session.id(),
                                new EndedRights.Ending(
                                        Set.of(session.host(), session.user()),
                                        () -> work.disconnect(session.org(), session.id(), why, Actor.SYSTEM))));
                return ends;
            }
        };
    }

    /** Runs each, whatever becomes of the others. The first failure is said at the end. */
    static void runAll(List<Runnable> steps) {
        RuntimeException first = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static List<StreamSession> running(Broker broker) {
        return broker.gateways().stream()
                .map(Gateway::id)
                .flatMap(gateway -> broker.live(gateway).stream())
                .toList();
    }

    @Override
    public void close() {
        tasks.forEach(PeriodicTask::close);
        ended.close();
    }
}

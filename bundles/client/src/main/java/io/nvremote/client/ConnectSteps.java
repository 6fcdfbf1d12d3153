// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The visible steps of a connect and how long each took. Safe for any thread. */
final class ConnectSteps {

    /** In order. */
    enum Step {
        KEYS,
        SESSION,
        TUNNEL,
        STREAM
    }

    private enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    private final Clock clock;
    private final Map<Step, State> states = new EnumMap<>(Step.class);
    private final Map<Step, Long> nanos = new EnumMap<>(Step.class);
    private long since;

    ConnectSteps(Clock clock) {
        this.clock = clock;
        for (Step step : Step.values()) {
            states.put(step, State.WAITING);
        }
    }

    synchronized void begin(Step step) {
        since = clock.nanos();
        states.put(step, State.RUNNING);
    }

    synchronized void done(Step step) {
        nanos.put(step, clock.nanos() - since);
        states.put(step, State.DONE);
    }

    /** The step that runs, if any, is where it failed. */
    synchronized void failed() {
        states.replaceAll((step, state) -> state == State.RUNNING ? State.FAILED : state);
    }

    synchronized double millis(Step step) {
        return nanos.getOrDefault(step, -1_000_000L) / 1e6;
    }

    synchronized void write(ArrayNode out) {
        for (Step step : Step.values()) {
            ObjectNode node = out.addObject();
            node.put("name", step.name().toLowerCase(Locale.ROOT));
            node.put("state", String.valueOf(states.get(step)).toLowerCase(Locale.ROOT));
            node.put("millis", millis(step));
        }
    }
}

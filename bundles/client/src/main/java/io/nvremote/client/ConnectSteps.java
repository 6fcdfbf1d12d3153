// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.viewer.ViewerSession.Step;
import io.nvremote.viewer.ViewerSession.StepState;
import io.nvremote.viewer.ViewerSession.StepTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The visible steps of a connect and how long each took. Safe for any thread. */
final class ConnectSteps {

    private final Clock clock;
    private final Map<Step, StepState> states = new EnumMap<>(Step.class);
    private final Map<Step, Long> nanos = new EnumMap<>(Step.class);
    private long since;

    ConnectSteps(Clock clock) {
        this.clock = clock;
        for (Step step : Step.values()) {
            states.put(step, StepState.WAITING);
        }
    }

    synchronized void begin(Step step) {
        since = clock.nanos();
        states.put(step, StepState.RUNNING);
    }

    synchronized void done(Step step) {
        nanos.put(step, clock.nanos() - since);
        states.put(step, StepState.DONE);
    }

    /** The step that runs, if any, is where it failed. */
    synchronized void failed() {
        states.replaceAll((step, state) -> state == StepState.RUNNING ? StepState.FAILED : state);
    }

    synchronized List<StepTime> times() {
        return Stream.of(Step.values()).map(this::time).toList();
    }

    private StepTime time(Step step) {
        return new StepTime(
                step, states.getOrDefault(step, StepState.WAITING), nanos.getOrDefault(step, -1_000_000L) / 1e6);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** One try to reach one host, from the first step to its end. Safe for any thread. */
@ProviderType
public interface ViewerSession {

    /** Where it stands. */
    enum Phase {
        CONNECTING,
        STREAMING,
        /** The host is silent; the client waits for it. */
        INTERRUPTED,
        FAILED,
        ENDED;

        public boolean over() {
            return this == FAILED || this == ENDED;
        }
    }

    /** What a connect goes through, in order. */
    enum Step {
        KEYS,
        SESSION,
        TUNNEL,
        STREAM
    }

    /** How far a step is. */
    enum StepState {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * How one step went.
     *
     * @param millis how long it took; -1 until it is done
     */
    record StepTime(Step step, StepState state, double millis) {}

    HostEntry host();

    Phase phase();

    /** Each step, in order. */
    List<StepTime> steps();

    /** What this side or the other said of the end; null before it. */
    @Nullable
    String reason();

    /** What it failed with; null unless it did. */
    @Nullable
    StreamException error();

    /** How long it streamed, also when it is over; zero before the first picture. */
    Duration streamed();

    /** While interrupted, how long the client still waits for the host; else zero. */
    Duration givesUpIn();

    /** How datagrams travel now; null without a tunnel. */
    @Nullable
    TunnelPath path();

    /** How often that changed. */
    long pathChanges();

    /** What each track counted, by its name. */
    Map<String, Map<String, Long>> counters();

    /** What a track of the session offers of a kind: {@link VideoFeed}, {@link InputSender}, {@link HostFacts}, {@link ControlLink} or others. */
    <P> Optional<P> part(Class<P> kind);
}

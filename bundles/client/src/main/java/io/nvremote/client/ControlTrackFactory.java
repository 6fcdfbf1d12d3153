// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.transport.Transport;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens the control channel. The host keeps its sequence numbers: it can't be exchanged under a session. */
@Component(property = ViewerTrackFactory.NAME + "=control")
public class ControlTrackFactory implements ViewerTrackFactory {

    private final Transport transport;
    private final Clock clock;

    @Activate
    public ControlTrackFactory(@Reference Transport transport) {
        this(transport, Clock.system());
    }

    ControlTrackFactory(Transport transport, Clock clock) {
        this.transport = transport;
        this.clock = clock;
    }

    @Override
    public boolean essential() {
        return true;
    }

    @Override
    public boolean replaceable() {
        return false;
    }

    @Override
    public int order() {
        return Integer.MIN_VALUE;
    }

    @Override
    public ViewerTrack open(TrackContext context) {
        return new ControlTrack(context, transport, clock);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.lib.services.Current;
import io.nvremote.transport.Transport;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Opens the control channel. The host keeps its sequence numbers: it can't be exchanged under a session. */
@Component(property = ViewerTrackFactory.NAME + "=control")
public class ControlTrackFactory implements ViewerTrackFactory {

    private final Current<Transport> transport = new Current<>();
    private final Clock clock;

    /** For a runtime, which binds the transport. */
    @Activate
    public ControlTrackFactory() {
        clock = Clock.system();
    }

    ControlTrackFactory(Transport transport, Clock clock) {
        this.clock = clock;
        bindTransport(transport);
    }

    /** For streams that begin from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(Transport next) {
        transport.set(next);
    }

    void unbindTransport(Transport gone) {
        transport.unset(gone);
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
        return new ControlTrack(context, transport.get(), clock);
    }
}

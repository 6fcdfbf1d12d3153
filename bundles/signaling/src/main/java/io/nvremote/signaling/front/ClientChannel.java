// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.runtime.Front;
import io.nvremote.runtime.Retiring;
import io.nvremote.runtime.Underway;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalHandler;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code /ws/client}. Sockets stay open while the handler behind them is replaced. */
@Component(
        service = {Front.class, Retiring.class, Underway.class},
        immediate = true,
        configurationPid = ChannelConfig.PID)
public final class ClientChannel extends ChannelServlet {

    private static final long serialVersionUID = 1L;

    @Activate
    public ClientChannel(ChannelConfig config) {
        super(SignalChannel.CLIENT, ChannelSettings.of(config));
    }

    ClientChannel(SignalCodec codec, ChannelSettings settings) {
        super(SignalChannel.CLIENT, settings);
        codec(codec);
    }

    /** Once it has what it needs. */
    @Activate
    void begin(BundleContext context) {
        serve(context);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "codecGone")
    void codecCame(SignalCodec codec) {
        codec(codec);
    }

    void codecGone(SignalCodec codec) {
        withdraw(codec);
    }

    @Reference(
            target = "(" + SignalHandler.CHANNEL + "=CLIENT)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "handlerGone")
    void handlerCame(SignalHandler handler) {
        handler(handler);
    }

    void handlerGone(SignalHandler handler) {
        withdraw(handler);
    }

    @Deactivate
    void close() {
        shut();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalHandler;
import jakarta.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** {@code /ws/host}. Sockets stay open while the handler behind them is replaced. */
@Designate(ocd = ChannelConfig.class)
@Component(
        service = Servlet.class,
        configurationPid = ChannelConfig.PID,
        property = {
            "osgi.http.whiteboard.servlet.pattern=/ws/host",
            "osgi.http.whiteboard.servlet.name=io.nvremote.signaling.host",
            "osgi.http.whiteboard.servlet.asyncSupported:Boolean=true"
        })
public final class HostChannel extends ChannelServlet {

    private static final long serialVersionUID = 1L;

    @Activate
    public HostChannel(BundleContext context, ChannelConfig config) {
        super(SignalChannel.HOST, ChannelSettings.of(config));
        shutBeforeAnythingStops(context);
    }

    HostChannel(SignalCodec codec, ChannelSettings settings) {
        super(SignalChannel.HOST, settings);
        codec(codec);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "codecGone")
    void codecCame(SignalCodec codec) {
        codec(codec);
    }

    void codecGone(SignalCodec codec) {
        withdraw(codec);
    }

    @Reference(
            target = "(" + SignalHandler.CHANNEL + "=HOST)",
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

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.connect.ConnectRequest;
import io.nvremote.connect.Connection;
import io.nvremote.connect.Connections;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.keys.SharedKeys;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.Presence;
import io.nvremote.relay.GatewayLink;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The role: connects users to hosts, over the gateways that are there. */
@Designate(ocd = ControlConfig.class)
@Component(
        service = {Connections.class, ControlPlane.class, MetricSource.class},
        immediate = true,
        configurationPid = ControlConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ControlPlane implements Connections, MetricSource {

    private final ControlFigures figures = new ControlFigures();
    private final PendingAnswers answers;
    private final Gateways gateways;
    private final SessionOrchestrator work;
    private final Housekeeping housekeeping;

    @Activate
    public ControlPlane(
            ControlConfig config,
            Map<String, ?> present,
            @Reference SharedKeys keys,
            @Reference Broker broker,
            @Reference Presence presence,
            @Reference PendingAnswers answers,
            @Reference PresenceRecorder recorder,
            @Reference Rights rights) {
        ControlSettings settings = ControlSettings.of(config, present);
        Tickets tickets = Tickets.of(keys);
        this.answers = answers;
        gateways = new Gateways(broker, tickets);
        work = new SessionOrchestrator(
                broker,
                gateways,
                presence,
                recorder,
                new SessionOrchestrator.Asking(answers, settings.answerPatience()),
                tickets);
        // Last: nothing after it can fail.
        housekeeping = new Housekeeping(broker, gateways, work, recorder, rights, settings.hostSilence());
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "gatewayWent")
    void gatewayCame(GatewayLink link) {
        gateways.came(link);
    }

    void gatewayWent(GatewayLink link) {
        gateways.went(link);
    }

    @Override
    public Connection connect(ConnectRequest request, Actor actor) {
        return figures.connecting(() -> work.connect(request, actor));
    }

    @Override
    public void disconnect(OrgId org, SessionId session, String reason, Actor actor) {
        work.disconnect(org, session, reason, actor);
    }

    SessionOrchestrator work() {
        return work;
    }

    PendingAnswers answers() {
        return answers;
    }

    @Override
    public void report(MetricReport to) {
        figures.report(to);
    }

    @Deactivate
    void close() {
        housekeeping.close();
    }
}

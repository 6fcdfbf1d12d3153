// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.audit.AuditTrail;
import io.nvremote.broker.Broker;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionQuery;
import io.nvremote.broker.SessionRequest;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import io.nvremote.lib.jdbi.ReadableRows;
import io.nvremote.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Sessions in PostgreSQL. Holds nothing but the settings: two of them beside each other do no harm. */
@Designate(ocd = BrokerConfig.class)
@Component(configurationPid = BrokerConfig.PID)
public final class PostgresBroker implements Broker {

    private final SessionRequests requests;
    private final SessionLife life;
    private final SessionSearch search;

    @Activate
    public PostgresBroker(@Reference Store store, @Reference AuditTrail audit, BrokerConfig config) {
        this(store, audit, BrokerSettings.of(config), Clock.system());
    }

    PostgresBroker(Store store, AuditTrail audit, BrokerSettings settings, Clock clock) {
        SessionEnds ends = new SessionEnds(audit, settings, clock);
        requests = new SessionRequests(store, audit, ends, settings, clock);
        ReadableRows sessions = new ReadableRows("sessions");
        life = new SessionLife(store, ends, sessions, settings, clock);
        search = new SessionSearch(store, sessions);
    }

    @Override
    public void announce(Gateway gateway) {
        life.announce(gateway);
    }

    @Override
    public List<Gateway> gateways() {
        return search.gateways();
    }

    @Override
    public Requested request(SessionRequest request, Actor actor) {
        return requests.request(request, actor);
    }

    @Override
    public StreamSession answer(OrgId org, HostId host, SessionId session, TunnelPublicKey hostPublicKey, Actor actor) {
        return life.answer(org, host, session, hostPublicKey, actor);
    }

    @Override
    public StreamSession activate(OrgId org, SessionId session, Actor actor) {
        return life.activate(org, session, actor);
    }

    @Override
    public StreamSession fail(OrgId org, SessionId session, String reason, Actor actor) {
        return life.fail(org, session, reason, actor);
    }

    @Override
    public StreamSession terminate(OrgId org, SessionId session, String reason, Actor actor) {
        return life.terminate(org, session, reason, actor);
    }

    @Override
    public Optional<StreamSession> find(OrgId org, SessionId session) {
        return search.find(org, session);
    }

    @Override
    public Optional<StreamSession> visibleTo(UserId user, SessionId session) {
        return search.visibleTo(user, session);
    }

    @Override
    public List<StreamSession> list(SessionQuery query) {
        return search.list(query);
    }

    @Override
    public List<StreamSession> live(GatewayId gateway) {
        return search.live(gateway);
    }

    @Override
    public List<StreamSession> expireOverdue(Predicate<HostId> connected) {
        return life.expireOverdue(connected);
    }

    @Override
    public Reconciliation reconcile(OrgId org, HostId host, Set<SessionId> running, Actor actor) {
        return life.reconcile(org, host, running, actor);
    }
}

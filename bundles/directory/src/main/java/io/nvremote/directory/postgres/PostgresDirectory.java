// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditTrail;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostDescription;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostPresence;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.store.Store;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The directory in PostgreSQL. */
@Component(service = Directory.class, immediate = true)
public final class PostgresDirectory implements Directory {

    private final Users users;
    private final Profiles profiles;
    private final Orgs orgs;
    private final Hosts hosts;
    private final Heartbeats heartbeats;

    @Activate
    public PostgresDirectory(@Reference Store store, @Reference AuditTrail audit) {
        this(store, audit, Clock.system());
    }

    /** For a directory with a clock of its own. */
    public PostgresDirectory(Store store, AuditTrail audit, Clock clock) {
        users = new Users(store, audit, clock);
        profiles = new Profiles(store, audit, clock);
        orgs = new Orgs(store, audit, clock);
        heartbeats = new Heartbeats(store, clock);
        hosts = new Hosts(store, audit, heartbeats, clock);
    }

    @Override
    public User signIn(Identity identity, Actor actor) {
        return users.signIn(identity, actor);
    }

    @Override
    public Optional<User> user(UserId user) {
        return users.user(user);
    }

    @Override
    public User updateUser(
            UserId user, String name, Map<String, String> preferences, Consumer<User> expected, Actor actor) {
        return profiles.update(user, new Profiles.Profile(name, preferences), expected, actor);
    }

    @Override
    public List<User> users(String email) {
        return users.users(email);
    }

    @Override
    public User disable(UserId user, Actor actor) {
        return users.disable(user, actor);
    }

    @Override
    public User enable(UserId user, Actor actor) {
        return users.enable(user, actor);
    }

    @Override
    public Set<UserId> disabled(Set<UserId> many) {
        return users.disabled(many);
    }

    @Override
    public List<Membership> memberships(UserId user) {
        return users.memberships(user);
    }

    @Override
    public Map<UserId, List<Membership>> memberships(Set<UserId> many) {
        return users.memberships(many);
    }

    @Override
    public Optional<Role> role(UserId user, OrgId org) {
        return orgs.role(user, org);
    }

    @Override
    public Org createOrg(UserId creator, String name, String slug, Actor actor) {
        return orgs.create(creator, name, slug, actor);
    }

    @Override
    public Optional<Org> org(OrgId org) {
        return orgs.org(org);
    }

    @Override
    public Org updateOrg(OrgId org, String name, String slug, Consumer<Org> expected, Actor actor) {
        return orgs.update(org, name, slug, expected, actor);
    }

    @Override
    public Membership assign(OrgId org, UserId user, Role role, Actor actor) {
        return orgs.assign(org, user, role, actor);
    }

    @Override
    public List<Host> hosts(OrgId org) {
        return hosts.list(org);
    }

    @Override
    public List<Host> hosts(OrgId org, @Nullable HostId after, int limit) {
        return hosts.list(org, after, limit);
    }

    @Override
    public Optional<Host> host(OrgId org, HostId host) {
        return hosts.host(org, host);
    }

    @Override
    public Optional<Host> hostVisibleTo(UserId user, HostId host) {
        return hosts.visibleTo(user, host);
    }

    @Override
    public List<Host> presence(Collection<HostPresence> now) {
        return hosts.presence(now);
    }

    @Override
    public Optional<Host> describe(OrgId org, HostId host, HostDescription now, Actor actor) {
        return hosts.describe(org, host, now, actor);
    }

    @Override
    public void removeHost(OrgId org, HostId host, Actor actor) {
        hosts.remove(org, host, actor);
    }

    @Override
    public void heartbeat(OrgId org, HostId host, HostMetrics figures) {
        heartbeats.take(org, host, figures);
    }

    @Override
    public int writeHeartbeats() {
        return heartbeats.write();
    }

    @Override
    public List<HostPresence> notedOnline() {
        return hosts.notedOnline();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Role;
import io.nvremote.rest.RestError;
import io.nvremote.rest.Rights;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Rights as the directory has them: looked up, known for at most 5 s. Safe for any thread. */
@Component(service = Rights.class)
public final class KnownRights implements Rights {

    private static final long KNOWN_FOR_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_KNOWN = 20_000;

    private final Directory directory;
    private final AuditTrail audit;
    private final Clock clock = Clock.system();
    private final ConcurrentHashMap<Place, Known> known = new ConcurrentHashMap<>();

    @Activate
    public KnownRights(@Reference Directory directory, @Reference AuditTrail audit) {
        this.directory = directory;
        this.audit = audit;
    }

    @Override
    public Role require(UserId user, OrgId org, Role needed, Actor actor) {
        Role role = role(user, org, needed)
                .orElseThrow(() -> new StreamException(DirectoryError.ORG_UNKNOWN, "no such organisation"));
        if (!role.covers(needed)) {
            audit.append(AuditEvent.refused(org, AuditType.ROLE_INSUFFICIENT, actor, RestError.ROLE_INSUFFICIENT.name())
                    .with("needed", needed.name()));
            throw new StreamException(
                    RestError.ROLE_INSUFFICIENT,
                    "this needs the role " + needed.name() + ", and yours is " + role.name());
        }
        return role;
    }

    /** What is remembered may allow, and never refuses: a role that grew counts at once. */
    private Optional<Role> role(UserId user, OrgId org, Role needed) {
        Place place = new Place(user, org);
        long now = clock.nanos();
        Known last = known.get(place);
        if (last != null && now - last.at() < KNOWN_FOR_NANOS && last.role().covers(needed)) {
            return Optional.of(last.role());
        }
        Optional<Role> role = directory.role(user, org);
        if (known.size() >= MAX_KNOWN) {
            known.values().removeIf(entry -> now - entry.at() >= KNOWN_FOR_NANOS);
        }
        if (role.isPresent() && known.size() < MAX_KNOWN) {
            known.put(place, new Known(now, role.get()));
        }
        return role;
    }

    private record Place(UserId user, OrgId org) {}

    private record Known(long at, Role role) {}
}

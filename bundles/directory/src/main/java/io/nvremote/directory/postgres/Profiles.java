// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.User;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** What people change of themselves. */
final class Profiles {

    private static final int MOST = 64;
    private static final int LONGEST = 256;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;

    Profiles(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    /** What a person may choose. */
    record Profile(String name, Map<String, String> preferences) {}

    User update(UserId id, Profile wanted, Consumer<User> expected, Actor actor) {
        String name = NameRules.name("name", wanted.name());
        requirePreferences(wanted.preferences());
        return store.within(AuditTrail.SYSTEM, transaction -> {
            Handle handle = Handles.open(transaction);
            User before = locked(handle, id);
            expected.accept(before);
            boolean renamed = !before.name().equals(name);
            boolean other = !before.preferences().equals(wanted.preferences());
            if (!renamed && !other) {
                return before;
            }
            User changed = handle.createQuery("""
                            UPDATE users SET name = :name, name_chosen = name_chosen OR :renamed,
                                   preferences = CAST(:preferences AS jsonb), updated_at = :now
                             WHERE id = :id RETURNING *""")
                    .bind("id", id.value())
                    .bind("name", name)
                    .bind("renamed", renamed)
                    .bind("preferences", Json.write(wanted.preferences()))
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .map((rows, context) -> Users.user(rows))
                    .one();
            // Which fields, not what is in them: the log is never deleted, and preferences are nobody else's business.
            audit.append(
                    transaction,
                    AuditEvent.of(AuditTrail.SYSTEM, AuditType.USER_UPDATED, actor, "user", id)
                            .with("fields", renamed ? other ? "name preferences" : "name" : "preferences"));
            return changed;
        });
    }

    private static User locked(Handle handle, UserId id) {
        User user = handle.createQuery("SELECT * FROM users WHERE id = :id AND deleted_at IS NULL FOR NO KEY UPDATE")
                .bind("id", id.value())
                .map((rows, context) -> Users.user(rows))
                .findOne()
                .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "no user " + id));
        if (user.disabledAt() != null) {
            throw new StreamException(DirectoryError.USER_DISABLED, "user " + id + " is disabled");
        }
        return user;
    }

    private static void requirePreferences(Map<String, String> preferences) {
        if (preferences.size() > MOST) {
            throw refused("has at most " + MOST + " entries: " + preferences.size());
        }
        preferences.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw refused("has a key that does not match " + KEY);
            }
            if (value.length() > LONGEST || !NameRules.visible(value)) {
                throw refused("has a value at " + key + " that is longer than " + LONGEST
                        + " characters or has controls: " + value.length() + " characters");
            }
        });
    }

    private static StreamException refused(String why) {
        return new StreamException(DirectoryError.PREFERENCES_REFUSED, "preferences " + why);
    }
}

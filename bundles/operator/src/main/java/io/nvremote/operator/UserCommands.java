// SPDX-License-Identifier: Apache-2.0
package io.nvremote.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Actor;
import io.nvremote.core.CoreError;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.lib.commands.CommandSocket;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finding, disabling and enabling users, and giving an organisation another admin. Safe for any thread. */
record UserCommands(Directory directory, SignIn signIn) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        Actor actor = new Actor(Actor.Kind.SYSTEM, null, null, null, "operator " + asker);
        String user = request.path("user").asText();
        switch (request.path("command").asText()) {
            case "find" -> {
                ArrayNode list = reply.putArray("users");
                directory.users(user).forEach(found -> describe(found, list.addObject()));
            }
            case "disable" -> {
                User disabled = directory.disable(one(user), actor);
                // Afterwards, and again if it is asked again: a sign-in that began meanwhile must not outlive it.
                signIn.endAll(disabled.id(), "user_disabled", actor);
                describe(disabled, reply.putObject("user"));
            }
            case "enable" -> describe(directory.enable(one(user), actor), reply.putObject("user"));
            case "make-admin" -> {
                OrgId org = OrgId.of(request.path("org").asText());
                Membership made = directory.assign(org, one(user), Role.ADMIN, actor);
                reply.put("org", made.org().toString()).put("user", made.user().toString());
            }
            default -> throw CommandSocket.unknown(request);
        }
    }

    /** An address is no identity: of several accounts that have it, the operator says which. */
    private UserId one(String user) {
        if (!user.contains("@")) {
            return UserId.of(user);
        }
        List<User> found = directory.users(user);
        if (found.isEmpty()) {
            throw new StreamException(DirectoryError.USER_UNKNOWN, "no user has the address " + user);
        }
        if (found.size() > 1) {
            String ids = found.stream().map(each -> each.id().toString()).collect(Collectors.joining(", "));
            throw new StreamException(
                    CoreError.INVALID_VALUE, "several users have the address " + user + ": name one by its id: " + ids);
        }
        return found.getFirst().id();
    }

    private static void describe(User user, ObjectNode into) {
        into.put("id", user.id().toString())
                .put("email", user.email())
                .put("name", user.name())
                .put("last_login_at", text(user.lastLoginAt()))
                .put("disabled_at", text(user.disabledAt()));
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}

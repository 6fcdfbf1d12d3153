// SPDX-License-Identifier: Apache-2.0
package io.nvremote.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.directory.postgres.DirectorySchema;
import io.nvremote.directory.postgres.PostgresDirectory;
import io.nvremote.store.postgres.TestDatabase;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real directory; what is asked of the sign-in is written down. The whole is in {@code tests/control-plane}. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class UserCommandsTest {

    private final ObjectMapper json = new ObjectMapper();
    private final TestDatabase database;
    private final Directory directory;
    private final List<String> ended = new ArrayList<>();
    private final UserCommands commands;
    private final String address = UUID.randomUUID() + "@example.org";

    UserCommandsTest(TestDatabase database) {
        this.database = database;
        directory = new PostgresDirectory(
                database.store(), new PostgresAudit(database.store(), Clock.system()), Clock.system());
        SignIn signIn = (SignIn)
                Proxy.newProxyInstance(SignIn.class.getClassLoader(), new Class<?>[] {SignIn.class}, (p, method, a) -> {
                    ended.add(method.getName() + " " + a[0] + " " + a[1]);
                    return null;
                });
        commands = new UserCommands(directory, signIn);
    }

    private User user() {
        return directory.signIn(
                new Identity("https://issuer", UUID.randomUUID().toString(), address, true, "A", null), Actor.SYSTEM);
    }

    private ObjectNode run(String command, String user) {
        ObjectNode reply = json.createObjectNode();
        commands.run(json.createObjectNode().put("command", command).put("user", user), "root", reply);
        return reply;
    }

    private static void assertCode(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void a_user_is_disabled_by_address_and_every_sign_in_ends_and_the_audit_log_names_the_operator() {
        UserId anna = user().id();
        ObjectNode reply = run("disable", address);
        assertThat(reply.at("/user/id").asText()).isEqualTo(anna.toString());
        assertThat(reply.at("/user/disabled_at").isTextual()).isTrue();
        assertThat(ended).containsExactly("endAll " + anna + " user_disabled");
        assertThat(directory.user(anna)).isEmpty();
        run("disable", anna.toString());
        assertThat(ended).as("again, what began meanwhile too").hasSize(2);
        assertThat(run("find", address).at("/users/0/disabled_at").isTextual()).isTrue();
        assertThat(run("enable", anna.toString()).at("/user/disabled_at").isNull())
                .isTrue();
        assertThat(directory.user(anna)).isPresent();
        assertThat(database.valueAsOwner(
                        "SELECT string_agg(event_type || ' ' || actor_type || ' ' || actor_agent, ', ' ORDER BY seq)"
                                + " FROM audit_log WHERE resource_id = '" + anna
                                + "' AND event_type LIKE 'USER_%ABLED'"))
                .isEqualTo("USER_DISABLED SYSTEM operator root, USER_ENABLED SYSTEM operator root");
    }

    /** The way that the refusal names leads out of it. */
    @Test
    void the_only_admin_of_others_is_disabled_once_there_is_another() {
        User anna = user();
        OrgId org = directory
                .createOrg(anna.id(), "Org", "o-" + anna.id(), Actor.SYSTEM)
                .id();
        UserId ben = directory
                .signIn(
                        new Identity("https://issuer", UUID.randomUUID().toString(), "b@example.org", true, "B", null),
                        Actor.SYSTEM)
                .id();
        directory.assign(org, ben, Role.MEMBER, Actor.SYSTEM);
        assertThatThrownBy(() -> run("disable", address))
                .hasMessageContaining(org.toString())
                .isInstanceOfSatisfying(StreamException.class, e -> {
                    assertThat(e.code()).isEqualTo(DirectoryError.LAST_ADMIN);
                    assertThat(e.code().advice()).contains("Make somebody else an admin first");
                });
        assertThat(ended).as("nothing was ended").isEmpty();
        ObjectNode reply = json.createObjectNode();
        commands.run(
                json.createObjectNode()
                        .put("command", "make-admin")
                        .put("user", ben.toString())
                        .put("org", org.toString()),
                "root",
                reply);
        assertThat(reply.path("org").asText()).isEqualTo(org.toString());
        assertThat(directory.role(ben, org)).contains(Role.ADMIN);
        assertThat(run("disable", address).at("/user/disabled_at").isTextual()).isTrue();
    }

    @Test
    void an_address_of_several_accounts_disables_none_and_names_them() {
        User one = user();
        User other = user();
        assertThatThrownBy(() -> run("disable", address))
                .hasMessageContaining(one.id().toString())
                .hasMessageContaining(other.id().toString());
        assertThat(directory.user(one.id())).isPresent();
        assertThat(run("find", address).get("users")).hasSize(2);
        assertThat(ended).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "enable"})
    void nobody_is_refused_as_such(String command) {
        assertCode(DirectoryError.USER_UNKNOWN, () -> run(command, "nobody@example.org"));
        assertCode(DirectoryError.USER_UNKNOWN, () -> run(command, UserId.next().toString()));
        assertCode(CoreError.INVALID_ID, () -> run(command, "x"));
        assertCode(CoreError.INVALID_ID, () -> run(command, ""));
        assertCode(CoreError.UNKNOWN_COMMAND, () -> run("delete", "x"));
        assertThat(ended).isEmpty();
    }
}

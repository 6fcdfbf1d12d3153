// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Component;

/** Tables of people, organisations and hosts, and what others may read of them. */
@Component
@SchemaProvider(
        provider = "directory",
        requires = "store",
        views = {"host_load", "host_states", "living_members", "living_users"})
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=store)", effective = "active")
public final class DirectorySchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of(
                "V1__tables.sql",
                "V2__host_load.sql",
                "V3__certificates_shown.sql",
                "V4__users_disabled.sql",
                "V5__invitations.sql",
                "V6__profiles.sql",
                "V7__bootstrap_terms.sql",
                "R__functions.sql",
                "R__grants.sql");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Component;

/** The table of refresh tokens. */
@Component
@SchemaProvider(provider = "auth", requires = "directory")
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=directory)", effective = "active")
public final class AuthSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__tables.sql", "V2__used_from.sql", "R__grants.sql");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Component;

/** Tables of the audit log. */
@Component
@SchemaProvider(provider = "audit", requires = "store")
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=store)", effective = "active")
public final class AuditSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__tables.sql", "V2__reading.sql", "R__grants.sql");
    }
}

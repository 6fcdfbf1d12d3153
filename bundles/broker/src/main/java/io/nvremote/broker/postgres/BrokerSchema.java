// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Component;

/** Tables of streaming sessions and of tunnel addresses. */
@Component
@SchemaProvider(
        provider = "broker",
        requires = {"directory", "store"},
        fills = "host_load")
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=directory)", effective = "active")
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=store)", effective = "active")
public final class BrokerSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__tables.sql", "V2__host_load.sql", "R__functions.sql", "R__grants.sql");
    }
}

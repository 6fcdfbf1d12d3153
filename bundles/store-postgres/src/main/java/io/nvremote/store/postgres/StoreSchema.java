// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** What every provider's tables stand on: whose rows a transaction sees. */
@Component
@SchemaProvider(provider = "store", views = "current_org")
public final class StoreSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__organisation.sql", "R__grants.sql");
    }
}

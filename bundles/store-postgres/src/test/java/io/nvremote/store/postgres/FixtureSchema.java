// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;

/** Two tables to try the store with. */
@SchemaProvider(provider = "fixture", requires = "store")
public final class FixtureSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__fixture.sql", "R__fixture_grants.sql");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.answers;

import io.nvremote.store.SchemaProvider;
import io.nvremote.store.SchemaSteps;
import java.util.List;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Component;

/** The table of kept answers. */
@Component
@SchemaProvider(provider = "answers", requires = "store")
@Requirement(namespace = SchemaProvider.NAMESPACE, filter = "(provider=store)", effective = "active")
public final class AnswersSchema implements SchemaSteps {

    @Override
    public List<String> files() {
        return List.of("V1__tables.sql", "R__grants.sql");
    }
}

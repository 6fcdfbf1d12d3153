// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.store.Store;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The embedded server's data source of the role {@code owner}. */
@Component(service = DataSource.class, property = Store.ROLE + "=" + Store.OWNER)
public final class OwnerSource extends ServerSource {

    @Activate
    public OwnerSource(@Reference EmbeddedServer server) {
        super(server, true);
    }
}

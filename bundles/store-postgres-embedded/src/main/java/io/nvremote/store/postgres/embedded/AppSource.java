// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.store.Store;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The embedded server's data source of the role {@code app}. */
@Component(service = DataSource.class, property = Store.ROLE + "=" + Store.APP)
public final class AppSource extends ServerSource {

    @Activate
    public AppSource(@Reference EmbeddedServer server) {
        super(server, false);
    }
}

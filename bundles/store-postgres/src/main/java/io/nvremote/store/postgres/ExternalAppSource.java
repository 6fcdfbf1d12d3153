// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.Store;
import java.io.Serial;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.postgresql.ds.PGSimpleDataSource;

/** An external server's data source of the role {@code app}. There when the server is configured. */
@Component(
        service = DataSource.class,
        property = Store.ROLE + "=" + Store.APP,
        configurationPid = ExternalConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ExternalAppSource extends PGSimpleDataSource {

    @Serial
    private static final long serialVersionUID = 1L;

    @Activate
    public ExternalAppSource(ExternalConfig config) {
        ExternalSettings settings = ExternalSettings.of(config);
        settings.configure(this, settings.app());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.store.Store;
import java.io.Serial;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.postgresql.ds.PGSimpleDataSource;

/** An external server's data source of the role {@code owner}. There when the server is configured. */
@Designate(ocd = ExternalConfig.class)
@Component(
        service = DataSource.class,
        property = Store.ROLE + "=" + Store.OWNER,
        configurationPid = ExternalConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ExternalOwnerSource extends PGSimpleDataSource {

    @Serial
    private static final long serialVersionUID = 1L;

    @Activate
    public ExternalOwnerSource(ExternalConfig config) {
        ExternalSettings settings = ExternalSettings.of(config);
        settings.configure(this, settings.owner());
    }
}

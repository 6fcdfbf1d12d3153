// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** A PostgreSQL server that runs exactly as long as this component is active. Starts in the background. */
@Designate(ocd = EmbeddedConfig.class)
@Component(
        service = EmbeddedServer.class,
        immediate = true,
        configurationPid = EmbeddedConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class EmbeddedServer {

    private final ServerLife life;

    @Activate
    public EmbeddedServer(EmbeddedConfig config) {
        this(EmbeddedSettings.of(config));
    }

    /** For a server outside the framework. */
    public EmbeddedServer(EmbeddedSettings settings) {
        life = new ServerLife(settings, Clock.system());
        life.start();
    }

    Connection connect(boolean owner) throws SQLException {
        return life.connect(owner);
    }

    ServerLife life() {
        return life;
    }

    @Deactivate
    public void close() {
        life.close();
    }
}

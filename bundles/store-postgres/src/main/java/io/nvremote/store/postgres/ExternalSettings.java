// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.Secret;
import io.nvremote.lib.settings.Settings;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** {@link ExternalConfig}, checked: a PostgreSQL server that somebody else runs. */
record ExternalSettings(String url, Login owner, Login app) {

    private static final Settings READER = new Settings(ExternalConfig.PID);

    /** Who connects. */
    record Login(String user, Secret password) {}

    static ExternalSettings of(ExternalConfig config) {
        return new ExternalSettings(
                url(config.url()),
                new Login(
                        READER.text("owner.user", config.owner_user()),
                        READER.secret("owner.password", config.owner_password())),
                new Login(
                        READER.text("app.user", config.app_user()),
                        READER.secret("app.password", config.app_password())));
    }

    private static String url(@Nullable String url) {
        boolean right = url != null
                && url.startsWith("jdbc:postgresql:")
                && !url.contains("password=")
                && url.chars().noneMatch(Character::isISOControl);
        if (url == null || !right) {
            throw READER.refusedUnseen(
                    "url", "a JDBC URL like jdbc:postgresql://host:5432/nvremote, without a password");
        }
        return url;
    }

    /** Sets a data source up; connects to nothing by itself. */
    void configure(PGSimpleDataSource source, Login login) {
        source.setUrl(url);
        source.setUser(login.user());
        source.setPassword(login.password().reveal());
        source.setApplicationName("nvremote");
        source.setConnectTimeout(5);
        source.setSocketTimeout(30);
    }
}

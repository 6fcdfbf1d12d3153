// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.OrgId;
import io.nvremote.lib.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link IdentityConfig}, checked. */
record IdentitySettings(
        URI control,
        @Nullable OrgId org,
        TokenSource token,
        @Nullable Path authority,
        Path data,
        String hostName) {

    private static final Logger LOG = LoggerFactory.getLogger(IdentitySettings.class);
    private static final Settings READER = new Settings(IdentityConfig.PID);

    static IdentitySettings of(IdentityConfig c) {
        return new IdentitySettings(
                READER.server("control.url", c.control_url(), "https", "http"),
                c.org_id().isBlank() ? null : READER.read("org.id", c.org_id(), "a UUID", OrgId::of),
                new TokenSource(
                        READER.pathOrNone("token.file", c.token_file()),
                        READER.textOrEmpty("token.env", c.token_env())),
                READER.pathOrNone("authority.file", c.authority_file()),
                READER.path("data.folder", c.data_folder()),
                c.host_name().isBlank() ? machineName() : READER.text("host.name", c.host_name()));
    }

    /** As the kernel knows it: many machines of clouds and all containers have a name that no hosts file and no DNS holds. */
    private static String machineName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("no name from the kernel: asked by DNS");
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host"; // Has to have one here.
        }
    }
}

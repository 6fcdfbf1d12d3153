// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.authority;

import io.nvremote.core.GatewayId;
import io.nvremote.lib.settings.Settings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@link CertificateFilesConfig}, checked. */
record CertificateFilesSettings(Path folder, Set<String> names, Set<String> addresses, Set<GatewayId> gateways) {

    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
    private static final Settings READER = new Settings(CertificateFilesConfig.PID);

    static CertificateFilesSettings of(CertificateFilesConfig config) {
        return new CertificateFilesSettings(
                READER.path("folder", config.folder()),
                all(config.dns_names(), name -> READER.text("dns.names", name.strip(), NAME, "a name like a.example")),
                all(config.ip_addresses(), CertificateFilesSettings::address),
                all(config.gateways(), id -> READER.read("gateways", id, "the UUID of a gateway", GatewayId::of)));
    }

    private static String address(String text) {
        return READER.read(
                "ip.addresses", text, "an address like 192.0.2.1 or 2001:db8::1", value -> InetAddress.ofLiteral(value)
                        .getHostAddress());
    }

    private static <T> Set<T> all(String[] texts, Function<String, T> read) {
        return Arrays.stream(texts).map(read).collect(Collectors.toUnmodifiableSet());
    }
}

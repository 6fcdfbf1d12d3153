// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.directory.Credentials;
import io.nvremote.directory.Issued;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {

    private static final String GATEWAY = "01920000-0000-7000-8000-000000000001";

    @TempDir
    private Path above;

    /** Says for whom each certificate is. */
    private static final CertificateAuthority AUTHORITY = new CertificateAuthority() {
        @Override
        public String rootPem() {
            return "root";
        }

        @Override
        public Issued host(OrgId org, HostId host, String csrPem) {
            throw new IllegalStateException("no host's certificate is a file here");
        }

        @Override
        public Credentials server(Set<String> dnsNames, Set<String> ipAddresses) {
            return credentials("server " + dnsNames + ipAddresses);
        }

        @Override
        public Credentials gateway(GatewayId gateway, Set<String> dnsNames, Set<String> ipAddresses) {
            return credentials("gateway " + gateway + dnsNames + ipAddresses);
        }

        @Override
        public Credentials controlPlane() {
            return credentials("control plane");
        }

        private Credentials credentials(String subject) {
            return new Credentials(
                    new Secret("key of " + subject),
                    subject,
                    "root",
                    Instant.now().plus(Duration.ofDays(30)));
        }
    };

    private static CertificateFilesConfig config(Path folder) {
        return (CertificateFilesConfig) Proxy.newProxyInstance(
                CertificateFilesConfig.class.getClassLoader(),
                new Class<?>[] {CertificateFilesConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "folder" -> folder.toString();
                    case "dns_names" -> new String[] {"a.example"};
                    case "ip_addresses" -> new String[] {"192.0.2.1"};
                    default -> new String[] {GATEWAY};
                });
    }

    @Test
    void all_files_are_there_for_their_owner_alone_once_the_condition_is() throws Exception {
        Path folder = above.resolve("certificates");
        CertificateFiles files = new CertificateFiles(config(folder), AUTHORITY);
        try {
            Set<String> names = new TreeSet<>();
            try (Stream<Path> written = Files.list(folder)) {
                for (Path file : (Iterable<Path>) written::iterator) {
                    names.add(file.getFileName().toString());
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                }
            }
            String gateway = "gateway-" + GATEWAY;
            assertThat(names)
                    .containsExactlyInAnyOrder(
                            "ca.pem",
                            "server.pem",
                            "server-key.pem",
                            "control-plane.pem",
                            "control-plane-key.pem",
                            gateway + ".pem",
                            gateway + "-key.pem");
            assertThat(folder.resolve("ca.pem")).hasContent("root");
            assertThat(folder.resolve("server.pem")).hasContent("server [a.example][192.0.2.1]");
            assertThat(folder.resolve(gateway + "-key.pem"))
                    .hasContent("key of gateway " + GATEWAY + "[a.example][192.0.2.1]");
        } finally {
            files.close();
        }
    }

    @Test
    void a_folder_that_cannot_be_is_refused_by_its_setting() throws Exception {
        Path file = Files.createFile(above.resolve("file"));
        assertThatThrownBy(() -> new CertificateFiles(config(file.resolve("below")), AUTHORITY))
                .hasMessage("io.nvremote.keys.authority folder=" + file.resolve("below") + ": can't be written");
    }

    @Test
    void the_configuration_by_its_name_of_before_is_refused_with_the_name_to_write() {
        assertThatThrownBy(FormerCertificates::new)
                .hasMessage("io.nvremote.control.certificates: is no configuration any more; write"
                        + " io.nvremote.keys.authority in its place");
    }
}

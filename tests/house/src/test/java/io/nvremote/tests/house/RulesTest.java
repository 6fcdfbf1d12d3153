// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole house obeys every rule; and for every rule, a room that breaks it is found out. */
class RulesTest {

    interface Rule {
        List<String> broken(Room room) throws IOException;
    }

    @TempDir
    Path empty;

    private static void house(Rule rule) throws IOException {
        List<String> all = new ArrayList<>();
        for (Room room : Room.all()) {
            all.addAll(rule.broken(room));
        }
        assertThat(all).isEmpty();
    }

    private Room room(String folder, String... headers) {
        Attributes manifest = new Attributes();
        for (int i = 0; i < headers.length; i += 2) {
            manifest.putValue(headers[i], headers[i + 1]);
        }
        return new Room(folder, manifest, empty);
    }

    private static Set<String> packages(Predicate<Room> which) throws IOException {
        return Room.all().stream().filter(which).map(Room::packageName).collect(Collectors.toSet());
    }

    @Test
    void providers_export_nothing() throws IOException {
        house(Rules::providersExportNothing);
        Room bad = room("encode-x", "Export-Package", "io.nvremote.encode.x;version=\"1.0.0\"");
        assertThat(Rules.providersExportNothing(bad)).hasSize(1);
    }

    @Test
    void exports_promise_nothing_before_the_release() throws IOException {
        house(Rules::exportsPromiseNothingBeforeTheRelease);
        String one = "io.nvremote.x;version=\"1.0.0\"";
        assertThat(Rules.exportsPromiseNothingBeforeTheRelease(
                        room("x-api", "Bundle-Version", "0.1.0.SNAPSHOT", "Export-Package", one)))
                .hasSize(1);
        assertThat(Rules.exportsPromiseNothingBeforeTheRelease(
                        room("x-api", "Bundle-Version", "1.0.0", "Export-Package", one)))
                .isEmpty();
    }

    @Test
    void every_export_has_a_version() throws IOException {
        house(Rules::exportsCarryAVersion);
        assertThat(Rules.exportsCarryAVersion(room("x-api", "Export-Package", "io.nvremote.x;uses:=\"a,b\"")))
                .hasSize(1);
    }

    @Test
    void an_api_bundle_exports_its_one_package() throws IOException {
        house(Rules::anApiExportsItsOnePackage);
        assertThat(Rules.anApiExportsItsOnePackage(
                        room("x-api", "Export-Package", "io.nvremote.x;version=\"1\",io.nvremote.y;version=\"1\"")))
                .hasSize(1);
    }

    @Test
    void nobody_wires_dynamically() throws IOException {
        house(Rules::noDynamicWiring);
        assertThat(Rules.noDynamicWiring(
                        room("x", "DynamicImport-Package", "*", "Require-Bundle", "y", "Bundle-Activator", "z")))
                .hasSize(3);
    }

    @Test
    void a_bundle_is_named_after_its_folder() throws IOException {
        house(Rules::symbolicNameIsTheFolder);
        assertThat(Rules.symbolicNameIsTheFolder(room("encode-x", "Bundle-SymbolicName", "io.nvremote.x")))
                .hasSize(1);
    }

    @Test
    void imports_go_down_the_floors() throws IOException {
        Set<String> ground = packages(r -> r.floor() == Room.Floor.GROUND);
        Set<String> apis = packages(r -> r.floor() == Room.Floor.API);
        house(room -> Rules.importsGoDown(room, ground, apis));
        String provider = "io.nvremote.encode.software;version=\"[1,2)\"";
        String api = "io.nvremote.encode;version=\"[1,2)\"";
        assertThat(Rules.importsGoDown(room("host", "Import-Package", provider), ground, apis))
                .hasSize(1);
        assertThat(Rules.importsGoDown(room("capture-api", "Import-Package", api), ground, apis))
                .hasSize(1);
        assertThat(Rules.importsGoDown(room("host", "Import-Package", api), ground, apis))
                .isEmpty();
    }

    @Test
    void a_bundle_has_one_package_named_after_it() throws IOException {
        house(Rules::onePackage);
        Path other = Files.createDirectories(empty.resolve("io/nvremote/other"));
        Files.write(other.resolve("A.class"), new byte[0]);
        assertThat(Rules.onePackage(room("encode-x"))).hasSize(1);
    }

    @Test
    void a_library_is_compiled_in_and_wired_to_nobody() throws IOException {
        house(Rules::librariesAreInside);
        assertThat(Room.all().stream().filter(r -> Files.isDirectory(r.classes().resolve("io/nvremote/lib"))))
                .hasSizeGreaterThan(5);
        assertThat(Rules.librariesAreInside(room("x", "Import-Package", "io.nvremote.lib.pem")))
                .hasSize(1);
        assertThat(Rules.librariesAreInside(room("x", "Export-Package", "io.nvremote.lib.pem")))
                .hasSize(1);
        Path user = Room.root().resolve("bundles/keys-file/target/classes/io/nvremote/keys/file/KeyFiles.class");
        Files.copy(user, empty.resolve("KeyFiles.class"));
        assertThat(Rules.librariesAreInside(room("x"))).isNotEmpty();
    }

    @Test
    void a_component_that_ranks_services_hears_of_another_ranking() throws IOException {
        house(Rules::rankingsAreFollowed);
        Files.createDirectories(empty.resolve("io/nvremote/lib/services"));
        Path component = Files.createDirectories(empty.resolve("OSGI-INF")).resolve("x.xml");
        String reference = "<reference name=\"A\" cardinality=\"0..n\" bind=\"bindA\" unbind=\"unbindA\"%s/>";
        Files.writeString(component, reference.formatted(""));
        assertThat(Rules.rankingsAreFollowed(room("x"))).hasSize(1);
        Files.writeString(component, reference.formatted(" updated=\"bindA\""));
        assertThat(Rules.rankingsAreFollowed(room("x"))).isEmpty();
    }

    @Test
    void only_the_bundles_of_ports_open_ports_with_tls() throws IOException {
        house(Rules::tlsPortsHaveTheirBundles);
        for (String user : List.of("web-ports/TlsPort", "relay-grpc/Identity")) {
            String folder = user.substring(0, user.indexOf('/'));
            String name = user.substring(user.indexOf('/') + 1) + ".class";
            Path built = Room.root().resolve("bundles/" + folder + "/target/classes/io/nvremote");
            Files.copy(built.resolve(folder.replace('-', '/')).resolve(name), empty.resolve(name));
            assertThat(Rules.tlsPortsHaveTheirBundles(room("x"))).as(user).hasSize(1);
            Files.delete(empty.resolve(name));
        }
    }

    /** Channels are served on whatever port there is: which, and with which certificate, is not theirs to know. */
    @Test
    void signaling_is_configured_with_limits_alone() throws IOException {
        Path metatype = Room.root().resolve("bundles/signaling/target/classes/OSGI-INF/metatype");
        try (Stream<Path> files = Files.list(metatype)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactly("io.nvremote.signaling.front.ChannelConfig.xml");
        }
        assertThat(Files.readString(metatype.resolve("io.nvremote.signaling.front.ChannelConfig.xml")))
                .doesNotContainPattern("id=\"[^\"]*(port|certificate|file)");
    }

    @Test
    void class_names_say_what_a_class_is() throws IOException {
        house(Rules::namesSayWhatTheyAre);
        for (String name : List.of("EncoderImpl", "IEncoder", "SessionManager", "AbstractEncoder", "StringUtil")) {
            Files.write(empty.resolve(name + ".class"), new byte[0]);
        }
        assertThat(Rules.namesSayWhatTheyAre(room("encode-x"))).hasSize(5);
    }

    @Test
    void exported_interfaces_say_who_implements_them() throws IOException {
        house(Rules::exportedInterfacesSayWhoImplementsThem);
        try (var in = Runnable.class.getResourceAsStream("/java/lang/Runnable.class")) {
            Files.write(empty.resolve("Runnable.class"), in.readAllBytes());
        }
        assertThat(Rules.exportedInterfacesSayWhoImplementsThem(room("x-api", "Export-Package", "x")))
                .hasSize(1);
    }

    /** docs/decisions/0015: a family comes and goes by itself, and stays small enough to be read at once. */
    @Test
    void a_family_of_resources_is_small_knows_no_other_and_says_that_it_is_there() throws IOException {
        List<Room> families = Room.all().stream()
                .filter(room -> room.folder().startsWith("rest-") && room.floor() == Room.Floor.PROVIDER)
                .toList();
        assertThat(families).hasSizeGreaterThanOrEqualTo(5);
        for (Room family : families) {
            Path sources =
                    Room.root().resolve("bundles").resolve(family.folder()).resolve("src/main/java");
            long lines = 0;
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    lines += Files.readAllLines(file).size();
                }
            }
            assertThat(lines).as(family.folder() + ": lines").isLessThanOrEqualTo(600);
            assertThat(family.imports().keySet())
                    .as(family.folder())
                    .noneMatch(name -> name.startsWith("io.nvremote.rest.") && !name.equals(family.packageName()));
            assertThat(family.manifest().getValue("Provide-Capability"))
                    .as(family.folder())
                    .contains("part=" + family.folder());
        }
    }

    @Test
    void every_bundle_has_a_readme_that_fits_a_screen() throws IOException {
        for (Room room : Room.all()) {
            Path readme = Room.root().resolve("bundles").resolve(room.folder()).resolve("README.md");
            assertThat(readme).exists();
            try (Stream<String> lines = Files.lines(readme)) {
                assertThat(lines.count()).as(readme.toString()).isBetween(3L, 90L);
            }
        }
    }

    /** The formatter passes package-info files over. */
    @Test
    void every_source_file_names_its_licence() throws IOException {
        List<Path> without = new ArrayList<>();
        for (String folder : List.of("lib", "bundles", "cli", "tests", "tck", "examples")) {
            Path top = Room.root().resolve(folder);
            if (!Files.isDirectory(top)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(top)) {
                for (Path file : files.filter(f ->
                                f.toString().endsWith(".java") && !f.toString().contains("/target/"))
                        .toList()) {
                    if (!Files.readString(file).startsWith("// SPDX-License-Identifier: Apache-2.0\n")) {
                        without.add(file);
                    }
                }
            }
        }
        assertThat(without).isEmpty();
    }
}

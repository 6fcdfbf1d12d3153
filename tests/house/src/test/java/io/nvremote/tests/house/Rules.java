// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules, each a function from a room to what is wrong with it. */
final class Rules {

    private static final Pattern BANNED_NAME =
            Pattern.compile(".*(Impl|Manager|Utils?|Helper|Common)|I[A-Z][a-z].*|Abstract.*");

    /** API bundles that may import another API, with the decision record that says why. */
    private static final Map<String, Set<String>> API_TO_API = Map.of(
            "stream-api",
            Set.of("io.nvremote.input"),
            "path-api",
            Set.of("io.nvremote.tunnel"),
            "presence-api",
            Set.of("io.nvremote.signaling"),
            "viewer-api",
            Set.of("io.nvremote.input", "io.nvremote.stream", "io.nvremote.transport", "io.nvremote.tunnel"),
            "track-api",
            Set.of("io.nvremote.stream", "io.nvremote.tunnel"),
            "rest-api",
            Set.of("io.nvremote.auth", "io.nvremote.directory"));

    /** Private libraries, compiled into their users (docs/decisions/0025). */
    private static final String LIBRARIES = "io.nvremote.lib.";

    private static final Pattern REFERENCE = Pattern.compile("<reference [^>]*>");

    /** Bundles whose business is a port with TLS: the web server's, and the gateway's for its control plane. */
    private static final Set<String> OWN_TLS_PORTS = Set.of("web-ports", "relay-grpc");

    /** Types that only a TLS server names. */
    private static final Set<String> TLS_SERVER = Set.of(
            "javax.net.ssl.SSLServerSocket",
            "javax.net.ssl.SSLServerSocketFactory",
            "com.sun.net.httpserver.HttpsServer",
            "com.sun.net.httpserver.HttpsConfigurator",
            "org.eclipse.jetty.util.ssl.SslContextFactory$Server",
            "org.eclipse.jetty.server.SslConnectionFactory",
            "org.apache.felix.http.jetty.ConnectorFactory",
            "io.grpc.TlsServerCredentials");

    private Rules() {}

    /** Who opens a TLS port decides who gets in and by which certificate: there are few such places. */
    static List<String> tlsPortsHaveTheirBundles(Room room) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : room.classFiles()) {
            for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                if (isOfTlsServers(entry) && !OWN_TLS_PORTS.contains(room.folder())) {
                    found.add(room.folder() + " opens a TLS port in " + file.getFileName());
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean isOfTlsServers(PoolEntry entry) {
        if (entry instanceof ClassEntry used) {
            return TLS_SERVER.contains(used.asInternalName().replace('/', '.'));
        }
        return entry instanceof MethodRefEntry called
                && called.owner().asInternalName().endsWith("/SslContextBuilder")
                && called.name().equalsString("forServer");
    }

    /** A library has no wire: it is neither exported nor imported, and what a room uses of it is in the room. */
    static List<String> librariesAreInside(Room room) throws IOException {
        List<String> found = new ArrayList<>();
        Stream.of(room.exports(), room.imports())
                .flatMap(header -> header.keySet().stream())
                .filter(name -> name.startsWith(LIBRARIES))
                .forEach(name -> found.add(room.folder() + " wires the library " + name));
        Set<String> inside = room.classFiles().stream()
                .map(f -> room.classes().relativize(f).toString().replace('/', '.'))
                .collect(Collectors.toSet());
        for (Path file : room.classFiles()) {
            ClassFile.of().parse(file).constantPool().forEach(entry -> {
                if (entry instanceof ClassEntry used) {
                    String name = used.asInternalName().replace('/', '.');
                    if (name.startsWith(LIBRARIES) && !inside.contains(name + ".class")) {
                        found.add(room.folder() + " uses " + name + " and does not hold it");
                    }
                }
            });
        }
        return found;
    }

    /** Who ranks services hears of one whose ranking changes; who only binds it goes on with what was true when it came. */
    static List<String> rankingsAreFollowed(Room room) throws IOException {
        Path components = room.classes().resolve("OSGI-INF");
        if (!Files.isDirectory(room.classes().resolve("io/nvremote/lib/services")) || !Files.isDirectory(components)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(components)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
                REFERENCE
                        .matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .filter(reference -> reference.contains("..n\"") && reference.contains(" bind="))
                        .filter(reference -> !reference.contains(" updated="))
                        .forEach(reference -> found.add(room.folder() + ": " + reference));
            }
        }
        return found;
    }

    static List<String> providersExportNothing(Room room) {
        boolean inner = room.floor() == Room.Floor.PROVIDER || room.floor() == Room.Floor.ROLE;
        return inner && !room.exports().isEmpty()
                ? List.of(room.folder() + " is no API and exports "
                        + room.exports().keySet())
                : List.of();
    }

    static List<String> exportsCarryAVersion(Room room) {
        return room.exports().entrySet().stream()
                .filter(e -> !e.getValue().contains("version="))
                .map(e -> room.folder() + " exports " + e.getKey() + " without a version")
                .toList();
    }

    /** Until the first release nobody is promised anything; from then bnd-baseline decides on the numbers. */
    static List<String> exportsPromiseNothingBeforeTheRelease(Room room) {
        String bundle = String.valueOf(room.manifest().getValue("Bundle-Version"));
        return room.exports().entrySet().stream()
                .filter(e -> bundle.startsWith("0.") && !e.getValue().matches(".*version=\"?0\\..*"))
                .map(e -> room.folder() + " is " + bundle + " and exports " + e.getKey() + " as " + e.getValue())
                .toList();
    }

    static List<String> anApiExportsItsOnePackage(Room room) {
        boolean api = room.floor() == Room.Floor.API || room.floor() == Room.Floor.GROUND;
        return api && !room.exports().keySet().equals(Set.of(room.packageName()))
                ? List.of(room.folder() + " should export " + room.packageName() + " alone: "
                        + room.exports().keySet())
                : List.of();
    }

    static List<String> noDynamicWiring(Room room) {
        List<String> found = new ArrayList<>();
        for (String header : List.of("DynamicImport-Package", "Require-Bundle", "Bundle-Activator")) {
            if (room.manifest().getValue(header) != null) {
                found.add(room.folder() + " has the header " + header);
            }
        }
        return found;
    }

    static List<String> symbolicNameIsTheFolder(Room room) {
        String name = room.manifest().getValue("Bundle-SymbolicName");
        return room.symbolicName().equals(name)
                ? List.of()
                : List.of(room.folder() + " should be named " + room.symbolicName() + ": " + name);
    }

    /** Floors by manifest: what a room imports of ours must be of a floor below. {@code apis}: all packages of floors 1 and 2. */
    static List<String> importsGoDown(Room room, Set<String> ground, Set<String> apis) {
        List<String> found = new ArrayList<>();
        for (String name : room.imports().keySet()) {
            if (!name.startsWith("io.nvremote.") || name.equals(room.packageName())) {
                continue;
            }
            boolean allowed =
                    switch (room.floor()) {
                        case GROUND -> ground.contains(name);
                        case API ->
                            ground.contains(name)
                                    || API_TO_API
                                            .getOrDefault(room.folder(), Set.of())
                                            .contains(name);
                        case PROVIDER, ROLE ->
                            ground.contains(name) || apis.contains(name) || name.startsWith("io.nvremote.wrap.");
                    };
            if (!allowed) {
                found.add(room.folder() + " (" + room.floor() + ") may not import " + name);
            }
        }
        return found;
    }

    /** Of other authors, inside a bundle where no other bundle can be: a worker process logs by it. */
    private static final Set<String> EMBEDDED = Set.of("org.slf4j.simple");

    static List<String> onePackage(Room room) throws IOException {
        return room.classFiles().stream()
                .map(f -> room.classes().relativize(f).getParent().toString().replace('/', '.'))
                .distinct()
                .filter(p -> !p.equals(room.packageName()) && !namesItsTechnology(p, room) && !p.startsWith(LIBRARIES))
                .filter(p -> !EMBEDDED.contains(p))
                .map(p -> room.folder() + " holds a second package: " + p)
                .toList();
    }

    /** Where an API took the bare name, its provider adds one segment (docs/decisions/0001). */
    private static boolean namesItsTechnology(String name, Room room) {
        boolean inside = name.startsWith(room.packageName() + ".")
                && name.indexOf('.', room.packageName().length() + 1) < 0;
        return inside && room.floor() == Room.Floor.PROVIDER && room.apiTookTheName();
    }

    static List<String> namesSayWhatTheyAre(Room room) throws IOException {
        return room.classFiles().stream()
                .map(f -> f.getFileName().toString().replace(".class", ""))
                .filter(n -> !n.contains("$"))
                .filter(n -> !n.endsWith("TrustManager") && !n.endsWith("KeyManager")) // javax.net.ssl's own terms
                .filter(n -> BANNED_NAME.matcher(n).matches())
                .map(n -> room.folder() + " has a class named " + n)
                .toList();
    }

    static List<String> exportedInterfacesSayWhoImplementsThem(Room room) throws IOException {
        List<String> found = new ArrayList<>();
        if (room.exports().isEmpty()) {
            return found;
        }
        for (Path file : room.classFiles()) {
            ClassModel model = ClassFile.of().parse(file);
            boolean open = model.flags().has(AccessFlag.INTERFACE)
                    && model.flags().has(AccessFlag.PUBLIC)
                    && !model.flags().has(AccessFlag.ANNOTATION)
                    && model.findAttribute(Attributes.permittedSubclasses()).isEmpty();
            String name = model.thisClass().asInternalName().replace('/', '.');
            if (open && !name.endsWith("package-info") && !says(model)) {
                found.add(name + " is neither @ProviderType nor @ConsumerType");
            }
        }
        return found;
    }

    private static boolean says(ClassModel model) {
        return model.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(a -> a.annotations().stream())
                .map(a -> a.className().stringValue())
                .anyMatch(n -> n.endsWith("/ProviderType;") || n.endsWith("/ConsumerType;"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.worker.WorkerError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Jars made of what the framework holds: the bytes that were admitted, whatever happened to the file that they came from. A body gets its
 * own bundle, with its fragments, and all that those are wired to.
 */
final class BundleCode implements CodeFiles {

    private static final long NO_TIME = 0;

    /** Wires by which a bundle uses another's code. */
    private static final Set<String> CODE = Set.of("osgi.wiring.package", "osgi.wiring.bundle");

    private static final String PART = "io.nvremote.part";

    /** A bundle as it is now; an update makes another. */
    private record Content(long bundle, long modified) {}

    private final Path folder;
    private final Bundle own;
    private final Map<Content, List<Jar>> written = new HashMap<>();

    /** {@code folder} belongs to the caller, who deletes it at the end. */
    BundleCode(Path folder, Bundle own) {
        this.folder = folder;
        this.own = own;
    }

    /** The bundle, under whose name everything of a plugin stands in the log. */
    @Override
    public String owner(Class<?> body) {
        Bundle bundle = FrameworkUtil.getBundle(body);
        return bundle == null ? body.getSimpleName() : String.valueOf(bundle.getSymbolicName());
    }

    @Override
    public List<Path> boot() throws IOException {
        return jars(contracts()).stream().map(Jar::file).toList();
    }

    @Override
    public List<Jar> of(Class<?> body) throws IOException {
        Bundle bundle = FrameworkUtil.getBundle(body);
        if (bundle == null) {
            throw new StreamException(WorkerError.BODY_REFUSED, body.getName() + " comes from no bundle");
        }
        Set<Bundle> needed = wiredTo(bundle);
        needed.removeAll(contracts());
        return jars(needed);
    }

    /** What a worker runs, and all that this bundle and that one speak. */
    private Set<Bundle> contracts() {
        Set<Bundle> all = wiredTo(process());
        all.addAll(wiredTo(own));
        return all;
    }

    /** Looked up each time and not wired to: an update of it restarts nothing, and the next worker runs it. */
    private Bundle process() {
        return Stream.of(own.getBundleContext().getBundles())
                .filter(bundle -> bundle.adapt(BundleRevision.class).getDeclaredCapabilities(PART).stream()
                        .anyMatch(part ->
                                "worker-process".equals(part.getAttributes().get("part"))))
                .max(Comparator.comparing(Bundle::getVersion))
                .orElseThrow(() -> new StreamException(
                        CoreError.INVALID_CONFIGURATION,
                        "no bundle of this runtime is what workers run: worker-process"));
    }

    private static Set<Bundle> wiredTo(Bundle first) {
        Set<Bundle> seen = new LinkedHashSet<>();
        List<Bundle> next = new ArrayList<>(List.of(first));
        while (!next.isEmpty()) {
            Bundle bundle = next.removeLast();
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID || wiring == null || !seen.add(bundle)) {
                continue;
            }
            for (BundleWire wire : wiring.getRequiredWires(null)) {
                String namespace = wire.getRequirement().getNamespace();
                if (CODE.contains(namespace)) {
                    next.add(wire.getProvider().getBundle());
                }
            }
        }
        return seen;
    }

    private synchronized List<Jar> jars(Set<Bundle> bundles) throws IOException {
        List<Jar> jars = new ArrayList<>();
        for (Bundle bundle : bundles) {
            Content content = new Content(bundle.getBundleId(), bundle.getLastModified());
            List<Jar> known = written.get(content);
            if (known == null) {
                known = write(bundle);
                written.put(content, known);
            }
            jars.addAll(known);
        }
        return jars;
    }

    private List<Jar> write(Bundle bundle) throws IOException {
        Map<String, URL> entries = new TreeMap<>();
        Enumeration<URL> found = bundle.findEntries("/", "*", true);
        for (URL url : found == null ? List.<URL>of() : Collections.list(found)) {
            String name = url.getPath().substring(1);
            if (!name.endsWith("/") && !isSignature(name)) {
                entries.putIfAbsent(name, url);
            }
        }
        List<Jar> jars = new ArrayList<>(List.of(store(out -> pack(entries, out))));
        String path = bundle.getHeaders("").get(Constants.BUNDLE_CLASSPATH);
        for (String inner : path == null ? new String[0] : path.split(",")) {
            URL nested = entries.get(inner.strip());
            if (nested != null) {
                jars.add(store(out -> copy(nested, out)));
            }
        }
        return jars;
    }

    /** Signatures were checked when the bundle was admitted; they are of another file than the one written here. */
    private static boolean isSignature(String name) {
        return name.startsWith("META-INF/")
                && name.toUpperCase(Locale.ROOT).matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    }

    private static void pack(Map<String, URL> entries, OutputStream to) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(to);
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Map.Entry<String, URL> entry : entries.entrySet()) {
            ZipEntry file = new ZipEntry(entry.getKey());
            file.setTime(NO_TIME);
            zip.putNextEntry(file);
            copy(entry.getValue(), zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void copy(URL from, OutputStream to) throws IOException {
        try (InputStream in = from.openStream()) {
            in.transferTo(to);
        }
    }

    @FunctionalInterface
    private interface Bytes {
        void writeTo(OutputStream out) throws IOException;
    }

    private Jar store(Bytes content) throws IOException {
        Path fresh = Files.createTempFile(folder, "body", ".new");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream file = Files.newOutputStream(fresh);
                    DigestOutputStream out = new DigestOutputStream(file, digest)) {
                content.writeTo(out);
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            Path jar = folder.resolve(sha256 + ".jar");
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r--------"));
            Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE);
            return new Jar(jar, sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.worker.WorkerBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bodies of this worker, each with a class loader of its own over jars whose bytes are those that the host admitted. Safe for any thread. */
final class LoadedBodies {

    private static final int CHUNK_BYTES = 64 << 10;

    private final Map<Integer, Object> services = new ConcurrentHashMap<>();

    /** Reads what LOAD says, loads the body and lets it make its service. */
    void load(FieldReader from) throws IOException {
        int body = from.number();
        List<URL> jars = new ArrayList<>();
        for (int i = from.count(); i > 0; i--) {
            jars.add(checked(from.text(), Path.of(from.text())));
        }
        String className = from.text();
        Map<String, String> settings = new HashMap<>();
        for (int i = from.count(); i > 0; i--) {
            settings.put(from.text(), from.text());
        }
        services.put(body, made(jars, className, settings));
    }

    private static URL checked(String sha256, Path jar) throws IOException {
        if (!sha256.equals(sha256(jar))) {
            throw new ProtocolFault("a file of the body is not what was admitted: " + jar.getFileName());
        }
        return jar.toUri().toURL();
    }

    private static String sha256(Path jar) throws IOException {
        try (InputStream raw = Files.newInputStream(jar);
                DigestInputStream in = new DigestInputStream(raw, MessageDigest.getInstance("SHA-256"))) {
            byte[] chunk = new byte[CHUNK_BYTES];
            int read = 0;
            while (read >= 0) {
                read = in.read(chunk);
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    /** The class loader lives as long as the worker. */
    @SuppressWarnings("resource")
    private static Object made(List<URL> jars, String className, Map<String, String> settings) {
        ClassLoader around = LoadedBodies.class.getClassLoader();
        ClassLoader loader = jars.isEmpty() ? around : new URLClassLoader(className, jars.toArray(URL[]::new), around);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Object body =
                    Class.forName(className, true, loader).getConstructor().newInstance();
            return ((WorkerBody<?>) body).make(settings);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e.getCause();
            throw cause instanceof RuntimeException own ? own : new IllegalStateException(className, e);
        }
    }

    /** The service of a body, null if it is not loaded or of another type. */
    <S> @Nullable S service(int body, Class<S> type) {
        Object service = services.get(body);
        return type.isInstance(service) ? type.cast(service) : null;
    }
}

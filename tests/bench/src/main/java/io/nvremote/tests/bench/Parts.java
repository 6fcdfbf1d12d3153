// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a bundle's service without a framework: reads the component descriptions of the class path as Declarative
 * Services would (OSGi Compendium, chapter 112) and calls the constructor, so that a benchmark names a contract and not a
 * provider's class. No dynamics, no choice: one component per service is expected.
 */
public final class Parts {

    private static final Pattern COMPONENT = Pattern.compile("^Service-Component:(.*)$", Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("<implementation class=\"([^\"]+)\"");
    private static final Pattern INIT = Pattern.compile(" init=\"(\\d+)\"");

    private Parts() {}

    /**
     * A new instance of the component that provides a service without having been configured.
     *
     * @param configuration values of its configuration annotation, by method name; the rest are the defaults
     * @param references services that its constructor asks for
     * @throws LacksPeer if no bundle on the class path provides it
     */
    public static <T> T make(Class<T> service, Map<String, Object> configuration, Object... references) {
        try {
            for (String description : descriptions()) {
                Matcher implementation = CLASS.matcher(description);
                if (!description.contains("configuration-policy=\"require\"")
                        && description.contains("<provide interface=\"" + service.getName() + "\"")
                        && implementation.find()) {
                    Matcher init = INIT.matcher(description);
                    int parameters = init.find() ? Integer.parseInt(init.group(1)) : 0;
                    return service.cast(
                            create(Class.forName(implementation.group(1)), parameters, configuration, references));
                }
            }
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException("no " + service.getSimpleName() + " can be made", e);
        }
        throw new LacksPeer(
                "no bundle provides " + service.getName(), "it is not in this build: ./build -DskipTests package");
    }

    private static List<String> descriptions() throws IOException {
        ClassLoader loader = Parts.class.getClassLoader();
        List<String> all = new ArrayList<>();
        for (URL manifest : java.util.Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
            Matcher header = COMPONENT.matcher(text(manifest).replaceAll("\r?\n ", ""));
            if (header.find()) {
                String base = manifest.toString().replaceAll("META-INF/MANIFEST\\.MF$", "");
                for (String file : header.group(1).strip().split(",", -1)) {
                    all.add(text(java.net.URI.create(base + file.strip()).toURL()));
                }
            }
        }
        return all;
    }

    private static String text(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static Object create(Class<?> type, int parameters, Map<String, Object> configuration, Object[] references)
            throws ReflectiveOperationException {
        for (Constructor<?> constructor : type.getConstructors()) {
            if (constructor.getParameterCount() == parameters) {
                Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                        .map(p -> p.isAnnotation() ? configuration(p, configuration) : reference(p, references))
                        .toArray();
                try {
                    return constructor.newInstance(arguments);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw e;
                }
            }
        }
        throw new NoSuchMethodException(type + " has no public constructor of " + parameters);
    }

    private static Object reference(Class<?> type, Object[] references) {
        return Arrays.stream(references)
                .filter(type::isInstance)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a " + type + " is needed"));
    }

    private static Object configuration(Class<?> type, Map<String, Object> values) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class || method.getDeclaringClass() == Annotation.class) {
                return method.getName().equals("toString") ? type.getName() : type;
            }
            Object value =
                    values.containsKey(method.getName()) ? values.get(method.getName()) : method.getDefaultValue();
            if (value == null) {
                throw new IllegalArgumentException(type.getName() + "." + method.getName() + " has no default");
            }
            return value;
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each key of each configuration refuses what it can't mean, in a sentence that begins with the PID and the key. The wrong values
 * are in {@code wrong-settings.properties}: a key that is missing there fails, so that none is untested.
 */
class ConfigurationTest {

    /** Values that the system would read as zero, nothing or the end of a text, whatever the key. */
    private static final String NUL = "a\0b";

    /** A configuration's annotation, and the one method that reads it. */
    private record Configuration(String pid, Class<?> type, Method reader) {}

    private static URLClassLoader loader;
    private static Map<String, Configuration> all;
    private static Properties wrong;
    private static Properties right;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void read() throws Exception {
        List<URL> folders = new ArrayList<>();
        for (Room room : Room.all()) {
            folders.add(room.classes().toUri().toURL());
        }
        loader = new URLClassLoader(folders.toArray(URL[]::new), ConfigurationTest.class.getClassLoader());
        all = configurations();
        wrong = table("wrong-settings.properties");
        right = table("right-settings.properties");
    }

    @AfterAll
    static void close() throws IOException {
        loader.close();
    }

    private static Properties table(String name) throws IOException {
        Properties table = new Properties();
        try (InputStream in = ConfigurationTest.class.getResourceAsStream(name);
                Reader reader = new java.io.InputStreamReader(in, StandardCharsets.UTF_8)) {
            table.load(reader);
        }
        return table;
    }

    private static Map<String, Configuration> configurations() throws Exception {
        Map<String, Configuration> found = new TreeMap<>();
        for (Room room : Room.all()) {
            for (Path file : room.classFiles()) {
                String name = className(room, file);
                if (name.endsWith("Config")) {
                    Class<?> type = loader.loadClass(name);
                    if (type.isAnnotation()) {
                        var constant = type.getDeclaredField("PID");
                        constant.setAccessible(true);
                        String pid = (String) constant.get(null);
                        found.put(pid, new Configuration(pid, type, reader(room, type)));
                    }
                }
            }
        }
        return found;
    }

    private static String className(Room room, Path file) {
        String name = room.classes().relativize(file).toString().replace('/', '.');
        return name.substring(0, name.length() - ".class".length());
    }

    /** {@code XSettings.of(XConfig)}, in the same package. */
    private static Method reader(Room room, Class<?> type) throws Exception {
        List<Method> readers = new ArrayList<>();
        for (Path file : room.classFiles()) {
            String name = className(room, file);
            if (name.startsWith(type.getPackageName() + ".") && name.endsWith("Settings")) {
                for (Method method : loader.loadClass(name).getDeclaredMethods()) {
                    if (method.getName().equals("of")
                            && Modifier.isStatic(method.getModifiers())
                            && method.getParameterCount() > 0
                            && method.getParameterTypes()[0] == type) {
                        readers.add(method);
                    }
                }
            }
        }
        assertThat(readers)
                .as(type.getName() + " is read in one place, …Settings.of(…)")
                .hasSize(1);
        readers.getFirst().setAccessible(true);
        return readers.getFirst();
    }

    private static List<Method> keys(Configuration configuration) {
        return Arrays.stream(configuration.type().getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    private static String key(Method method) {
        return method.getName().replace('_', '.');
    }

    /** Reads the configuration with right values, but for one key. */
    private static void read(Configuration configuration, @Nullable Method key, @Nullable Object value)
            throws Throwable {
        read(configuration, key, value, Map.of());
    }

    private static void read(
            Configuration configuration, @Nullable Method key, @Nullable Object value, Map<String, ?> present)
            throws Throwable {
        Object annotation = Proxy.newProxyInstance(
                loader,
                new Class<?>[] {configuration.type()},
                (proxy, method, arguments) -> method.equals(key) ? value : rightValue(configuration, method));
        Object[] arguments = new Object[configuration.reader().getParameterCount()];
        Arrays.fill(arguments, present); // what is written besides
        arguments[0] = annotation;
        try {
            configuration.reader().invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object rightValue(Configuration configuration, Method method) throws IOException {
        String text = right.getProperty(configuration.pid() + "/" + key(method));
        if (text == null) {
            if (method.getDefaultValue() != null) {
                return method.getDefaultValue();
            }
            throw new AssertionError(
                    configuration.pid() + " " + key(method) + ": write a right value into right-settings.properties");
        }
        Path file = folder.resolve("a-file");
        if (!Files.exists(file)) {
            Files.writeString(file, "a secret");
        }
        String value = text.replace("${file}", file.toString()).replace("${folder}", folder.toString());
        return method.getReturnType() == String[].class ? new String[] {value} : value;
    }

    /** The values that a key must refuse; empty if the table does not know it. */
    private static List<Object> wrongValues(Configuration configuration, Method method) {
        List<Object> values = new ArrayList<>();
        Class<?> type = method.getReturnType();
        if (type == int.class) {
            values.addAll(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE));
        } else if (type == String.class || type == String[].class) {
            String texts = wrong.getProperty(configuration.pid() + "/" + key(method));
            if (texts != null) {
                List<String> each = new ArrayList<>(List.of(NUL));
                Arrays.stream(texts.split("\\s+"))
                        .filter(text -> !text.isEmpty())
                        .forEach(each::add);
                each.forEach(text -> values.add(type == String.class ? text : new String[] {text}));
            }
        }
        return values;
    }

    @Test
    void what_is_right_is_taken() {
        assertThat(all).hasSizeGreaterThan(25);
        for (Configuration configuration : all.values()) {
            assertThatCode(() -> read(configuration, null, null))
                    .as(configuration.pid())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void each_key_refuses_wrong_values_by_name() {
        Map<String, String> silent = new LinkedHashMap<>();
        for (Configuration configuration : all.values()) {
            for (Method method : keys(configuration)) {
                if (method.getReturnType() == boolean.class) {
                    continue; // whatever is written, it is one of two
                }
                String name = configuration.pid() + "/" + key(method);
                List<Object> values = wrongValues(configuration, method);
                if (values.isEmpty()) {
                    silent.put(name, "has no wrong values in wrong-settings.properties");
                }
                for (Object value : values) {
                    String shown = value instanceof String[] texts ? Arrays.toString(texts) : value.toString();
                    String answer = answer(configuration, method, value);
                    if (!answer.startsWith(configuration.pid() + " " + key(method)) || !answer.contains(": must be ")) {
                        silent.put(name, shown.replace('\0', '?') + " -> " + answer);
                    }
                }
            }
        }
        assertThat(silent).isEmpty();
    }

    private static String answer(Configuration configuration, Method method, Object value) {
        try {
            read(configuration, method, value);
            return "taken";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        } catch (Throwable e) {
            return e.toString();
        }
    }

    /** Readers whose configuration had other keys are given all that is written, and know what is gone. */
    @Test
    void a_key_of_the_past_is_refused_by_name() throws Exception {
        Set<String> refused = new TreeSet<>();
        for (Configuration configuration : all.values()) {
            if (configuration.reader().getParameterCount() > 1) {
                var gone = configuration.reader().getDeclaringClass().getDeclaredField("GONE");
                gone.setAccessible(true);
                for (Object key : ((Map<?, ?>) gone.get(null)).keySet()) {
                    assertThatThrownBy(() -> read(configuration, null, null, Map.of((String) key, "x")))
                            .hasMessageStartingWith(configuration.pid() + " " + key + ": is no setting any more; ");
                    refused.add(configuration.pid());
                }
            }
        }
        assertThat(refused)
                .contains(
                        "io.nvremote.auth",
                        "io.nvremote.client",
                        "io.nvremote.control",
                        "io.nvremote.host",
                        "io.nvremote.relay.grpc.client",
                        "io.nvremote.relay.grpc.server",
                        "io.nvremote.web.ports.tls");
    }

    @Test
    void the_tables_name_keys_that_are() {
        Set<String> known = new TreeSet<>();
        all.values().forEach(each -> keys(each).forEach(method -> known.add(each.pid() + "/" + key(method))));
        assertThat(known).containsAll(wrong.stringPropertyNames()).containsAll(right.stringPropertyNames());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** A framework of some kind with the bundles of a runtime's jar, begun from cold in the order that the jar says. */
final class Container implements AutoCloseable {

    private static final Pattern LEVEL = Pattern.compile("([A-Za-z0-9_.-]+);version=[^,;]*;startlevel=([0-9]+)");
    private static final int LAST_LEVEL = 50;

    private final Framework framework;
    private final List<Bundle> bundles = new ArrayList<>();

    private Container(Framework framework) {
        this.framework = framework;
    }

    enum Kind {
        FELIX,
        EQUINOX
    }

    /** @param work an empty folder for what the framework keeps */
    static Container start(Kind kind, Path jar, Path work, Map<String, String> properties) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            Properties launcher = new Properties();
            try (InputStream in = file.getInputStream(file.getEntry("launcher.properties"))) {
                launcher.load(in);
            }
            Map<String, String> all = new HashMap<>(properties);
            for (String name : launcher.stringPropertyNames()) {
                if (!name.startsWith("launch.") && !name.contains("startlevel")) {
                    all.put(name, launcher.getProperty(name));
                }
            }
            all.put(Constants.FRAMEWORK_STORAGE, work.resolve("storage").toString());
            all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
            Container container = new Container(factory(kind, file, work).newFramework(all));
            container.framework.init();
            try {
                container.install(file, launcher);
                container.framework.start();
                container.level(LAST_LEVEL);
            } catch (Exception | AssertionError e) {
                container.close();
                throw e;
            }
            return container;
        }
    }

    /** Felix is the one in the jar. Both bring a resolver of the same name, so it gets its own from a loader of its own. */
    private static FrameworkFactory factory(Kind kind, JarFile jar, Path work) throws Exception {
        if (kind == Kind.EQUINOX) {
            return new EquinoxFactory();
        }
        JarEntry entry = jar.stream()
                .filter(each -> each.getName().startsWith("jar/org.apache.felix.framework-"))
                .findFirst()
                .orElseThrow();
        Path felix = work.resolve("felix.jar");
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, felix);
        }
        return (FrameworkFactory) new FelixLoader(felix)
                .loadClass("org.apache.felix.framework.FrameworkFactory")
                .getConstructor()
                .newInstance();
    }

    private static final class FelixLoader extends URLClassLoader {

        FelixLoader(Path jar) throws IOException {
            super(new URL[] {jar.toUri().toURL()}, Container.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return name.startsWith("org.apache.felix.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    private void install(JarFile jar, Properties launcher) throws IOException, BundleException {
        Map<String, Integer> levels = new HashMap<>();
        Matcher matcher = LEVEL.matcher(launcher.getProperty("launch.runbundles.attrs"));
        while (matcher.find()) {
            levels.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        for (String entry : launcher.getProperty("launch.bundles").split(",")) {
            try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
                Bundle bundle = framework.getBundleContext().installBundle("runtime:" + entry, in);
                bundle.adapt(BundleStartLevel.class)
                        .setStartLevel(levels.getOrDefault(bundle.getSymbolicName(), LAST_LEVEL));
                bundles.add(bundle);
            }
        }
        for (Bundle bundle : bundles) {
            if (!isFragment(bundle)) {
                bundle.start();
            }
        }
    }

    private void level(int level) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level, event -> {
            if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                reached.countDown();
            }
        });
        if (!reached.await(2, TimeUnit.MINUTES)) {
            throw new AssertionError("start level " + level + " was not reached");
        }
    }

    /** Bundles drawn one by one and refreshed, which stops, resolves and starts them and all that is wired to them; waits for the last. */
    void refresh(int times, Random drawn) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(times);
        FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
        for (int i = 0; i < times; i++) {
            Bundle bundle = bundles().get(drawn.nextInt(bundles().size()));
            wiring.refreshBundles(List.of(bundle), event -> {
                if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                    done.countDown();
                }
            });
        }
        if (!done.await(5, TimeUnit.MINUTES)) {
            throw new AssertionError(done.getCount() + " of " + times + " refreshes did not end");
        }
    }

    static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    /** Those of the jar that have a life of their own. */
    List<Bundle> bundles() {
        return bundles.stream().filter(bundle -> !isFragment(bundle)).toList();
    }

    /** Names of those that don't run. */
    List<String> idle() {
        return bundles().stream()
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getState())
                .toList();
    }

    boolean offers(String service) {
        return framework.getBundleContext().getServiceReference(service) != null;
    }

    /** What is registered, by bundle and interfaces, each as often as it is there. */
    List<String> services() throws Exception {
        var references = framework.getBundleContext().getAllServiceReferences(null, null);
        return Arrays.stream(references)
                .filter(reference -> bundles.contains(reference.getBundle()))
                .map(reference -> reference.getBundle().getSymbolicName() + " "
                        + Arrays.toString((String[]) reference.getProperty(Constants.OBJECTCLASS)))
                .sorted()
                .toList();
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            if (framework.waitForStop(60_000).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                throw new AssertionError("the framework did not stop in 60 s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

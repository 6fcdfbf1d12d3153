// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.logging.LogManager;

/** Sets the surroundings and the configuration, then hands over to bnd's launcher, which lies in the same jar. */
public final class Launch {

    private static final String LAUNCHER = "aQute.launcher.pre.EmbeddedLauncher";
    private static final String CONFIGURATION = "configurator.initial";
    private static final String DATA = "nvremote.data";
    private static final String STORAGE = "org.osgi.framework.storage";
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final String LOGBACK = "logback.configurationFile";

    private Launch() {}

    /** Called by {@link Main}, by name: it must not need this class to be told that Java is too old. */
    public static void main(String... arguments) throws Throwable {
        Surroundings.pin();
        try {
            if (!prepare(Options.of(arguments))) {
                return;
            }
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        Class<?> launcher = Class.forName(LAUNCHER);
        MethodHandles.publicLookup()
                .findStatic(launcher, "main", MethodType.methodType(void.class, String[].class))
                .asFixedArity()
                .invoke(new String[0]);
    }

    /** True if the runtime is to be started. */
    private static boolean prepare(Options options) throws IOException {
        options.properties().forEach(System::setProperty);
        if (options.data() != null) {
            System.setProperty(DATA, options.data().toString());
        }
        Optional<String> trouble = Surroundings.unreadablePath(
                System.getProperties(), System.getProperty("sun.jnu.encoding", "of this machine"));
        if (trouble.isPresent()) {
            throw new Refusal(trouble.get());
        }
        RuntimeJar jar = RuntimeJar.own();
        if (System.getProperty(CONFIGURATION) != null) {
            if (!options.config().isEmpty() || options.mode() != Options.Mode.RUN) {
                throw new Refusal("-D" + CONFIGURATION + " is a configuration for itself: use --config instead of it.");
            }
            logging(jar);
            return true;
        }
        Layers layers = new Layers();
        jar.configurations(layers);
        options.config().forEach(layers::add);
        layers.add(System.getProperties());
        Placeholders.fromEnvironment(layers.texts(), System::getProperty, System.getenv())
                .forEach(System::setProperty);
        Placeholders placeholders = new Placeholders(System::getProperty, System::getenv);
        return switch (options.mode()) {
            case HELP -> help(jar, layers);
            case PRINT -> {
                System.out.println(ConfigurationCheck.printed(layers, placeholders));
                yield false;
            }
            case CHECK -> check(jar, layers, placeholders);
            case RUN -> run(jar, layers, placeholders);
        };
    }

    private static boolean help(RuntimeJar jar, Layers layers) {
        System.out.println("java -jar " + jar.name() + ".jar [options]\n\n" + Options.USAGE);
        SettingsHelp.of(layers, SettingsCatalogue.of(jar)).forEach(System.out::println);
        return false;
    }

    private static boolean check(RuntimeJar jar, Layers layers, Placeholders placeholders) {
        ConfigurationCheck check = new ConfigurationCheck(SettingsCatalogue.of(jar), placeholders, layers);
        check.warnings().forEach(line -> System.out.println("warning: " + line));
        check.errors().forEach(line -> System.out.println("error: " + line));
        if (!check.errors().isEmpty()) {
            System.exit(1);
        }
        System.out.println("ok: " + layers.configurations().size()
                + " configurations; their values are looked at when they are used");
        return false;
    }

    private static boolean run(RuntimeJar jar, Layers layers, Placeholders placeholders) throws IOException {
        boolean lacks = layers.texts().stream()
                .anyMatch(text -> !placeholders.fill(text).missing().isEmpty());
        if (lacks
                || layers.configurations().isEmpty()
                || (System.getProperty(DATA) == null && System.getProperty(STORAGE) == null)) {
            ConfigurationCheck check = new ConfigurationCheck(SettingsCatalogue.of(jar), placeholders, layers);
            throw new Refusal(jar.name() + " can't start like this:\n  " + String.join("\n  ", check.errors()) + "\n\n"
                    + Options.USAGE);
        }
        String data = System.getProperty(DATA);
        if (data != null) {
            folder(Path.of(data));
            preset(STORAGE, Path.of(data, "cache").toString());
            preset(NATIVES, Path.of(data, "natives").toString());
        }
        System.setProperty(CONFIGURATION, layers.json(jar.name()));
        logging(jar);
        return true;
    }

    /** Its owner's, though others may pass through to what is theirs: the database runs as another user. */
    private static void folder(Path data) {
        FileAttribute<?>[] owner =
                data.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"))
                        }
                        : new FileAttribute<?>[0];
        try {
            if (!Files.isDirectory(data)) {
                Files.createDirectories(data, owner);
            }
        } catch (IOException e) {
            throw new Refusal("--data " + data + ": this folder is not there and can't be made (" + e + ")");
        }
        if (!Files.isWritable(data)) {
            throw new Refusal("--data " + data + ": " + System.getProperty("user.name") + " may not write there");
        }
    }

    private static void preset(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** The log as it comes in the jar, unless somebody has one of his own. */
    private static void logging(RuntimeJar jar) throws IOException {
        preset(LOGBACK, jar.address("nvremote/logback.xml"));
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (InputStream in = Launch.class.getResourceAsStream("/nvremote/logging.properties")) {
                if (in != null) {
                    LogManager.getLogManager().readConfiguration(in);
                }
            }
        }
    }
}

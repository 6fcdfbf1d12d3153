// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import io.nvremote.runtime.FailedPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The components and bundles of this framework, as far as they failed. One thread. */
final class Parts {

    private static final int LONGEST_REASON = 500;
    /** Bundles are started one after the other, on a busy machine for a good while. */
    private static final int STARTING = 30;

    private static final int STUCK = 5;

    private final BundleContext context;
    /** Can be asked even when the context is of no use any more: the runtime may stop before it is up. */
    private final Bundle framework;

    private final ServiceComponentRuntime components;
    private final ConfigurationAdmin configurations;

    /**
     * A part that does not run.
     *
     * @param looks in so many looks one after the other it must have been seen like this: it may only be on its way
     * @param again how it is tried again
     * @param told whether the framework's log has the reason
     */
    record Failed(FailedPart part, int looks, Again again, boolean told) {

        Failed(FailedPart part, int looks, Again again) {
            this(part, looks, again, true);
        }
    }

    /** Tries a part once more. */
    interface Again {
        void run() throws IOException, InvalidSyntaxException;
    }

    Parts(BundleContext context, ServiceComponentRuntime components, ConfigurationAdmin configurations) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.components = components;
        this.configurations = configurations;
    }

    /** Whether the framework has started, or tried to, each bundle that is to run: until then it is on its way up. */
    boolean areBegun() {
        return framework.getState() == Bundle.ACTIVE;
    }

    /** What is failed now, by name. */
    Map<String, Failed> failed() {
        Map<String, Failed> found = new LinkedHashMap<>();
        for (Bundle bundle : context.getBundles()) {
            if (isOff(bundle)) {
                String name = "bundle " + bundle.getSymbolicName();
                found.put(name, new Failed(new FailedPart(name, "is not started"), STARTING, () -> start(bundle)));
            }
        }
        Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> all = new LinkedHashMap<>();
        Offers offers = new Offers();
        components
                .getComponentDescriptionDTOs()
                .forEach(component -> all.put(component, components.getComponentConfigurationDTOs(component)));
        all.forEach(offers::add);
        Activations activations = new Activations(all.keySet());
        all.forEach((component, configurations) -> {
            for (ComponentConfigurationDTO one : configurations) {
                boolean told = one.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
                // Nothing is said of an immediate one that could not be made: it stays satisfied and never becomes
                // active.
                boolean stuck = one.state == ComponentConfigurationDTO.SATISFIED && component.immediate;
                String name = name(component, one);
                String lacking = offers.lacking(component, one);
                if (stuck && activations.include(component)) {
                    // Slow, not failed: to disable it now would let it start twice.
                    FailedPart part = new FailedPart(name, "is still being activated", true);
                    found.put(name, new Failed(part, STUCK, () -> {}, false));
                } else if (told || stuck) {
                    FailedPart part = new FailedPart(name, reason(one.failure));
                    found.put(name, new Failed(part, told ? 1 : STUCK, () -> again(component, one)));
                } else if (lacking != null) {
                    found.put(name, new Failed(new FailedPart(name, lacking), STUCK, () -> {}, false));
                }
            }
        });
        return found;
    }

    /** Whether a bundle should run and does not. Plugins that were taken out of use are stopped with intent. */
    private boolean isOff(Bundle bundle) {
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null || bundle.getState() == Bundle.UNINSTALLED) {
            return false;
        }
        if (!areBegun()) {
            return false; // Those of a level are started one after the other.
        }
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        int reached = framework.adapt(FrameworkStartLevel.class).getStartLevel();
        boolean wanted = level.isPersistentlyStarted() && level.getStartLevel() <= reached;
        return wanted && (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0;
    }

    private static void start(Bundle bundle) throws IOException {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (org.osgi.framework.BundleException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String name(ComponentDescriptionDTO component, ComponentConfigurationDTO one) {
        String pid = pid(one);
        return pid == null || pid.equals(component.name) || !pid.contains("~")
                ? component.name
                : component.name + pid.substring(pid.indexOf('~'));
    }

    private static @Nullable String pid(ComponentConfigurationDTO one) {
        return one.properties.get(Constants.SERVICE_PID) instanceof String pid ? pid : null;
    }

    /** One of a factory's components is tried alone: its siblings are not touched. */
    private void again(ComponentDescriptionDTO component, ComponentConfigurationDTO one)
            throws IOException, InvalidSyntaxException {
        String pid = pid(one);
        if (pid == null || !pid.contains("~")) {
            components.disableComponent(component).onResolve(() -> components.enableComponent(component));
            return;
        }
        Configuration[] known = configurations.listConfigurations("(service.pid=" + pid + ")");
        if (known != null) {
            for (Configuration configuration : known) {
                anew(configuration);
            }
        }
    }

    /** Takes one component of a factory away and brings it back; an update alone would not make one that failed again. */
    private void anew(Configuration configuration) throws IOException {
        Dictionary<String, Object> values = configuration.getProperties();
        String factory = configuration.getFactoryPid();
        String pid = configuration.getPid();
        if (values != null && factory != null) {
            configuration.delete();
            configurations
                    .getFactoryConfiguration(factory, pid.substring(pid.indexOf('~') + 1), "?")
                    .update(values);
        }
    }

    /** The innermost of our own sentences in a printed stack trace, or else its first line. */
    private static String reason(@Nullable String failure) {
        if (failure == null) {
            return "could not be activated";
        }
        List<String> lines = new ArrayList<>();
        for (String line : failure.split("\\R")) {
            if (!line.isBlank() && !line.startsWith("\tat ") && !line.startsWith("\t...")) {
                lines.add(line.strip());
            }
        }
        String told = lines.isEmpty() ? "could not be activated" : lines.getFirst();
        for (String line : lines) {
            int ours = line.indexOf("StreamException: ");
            if (ours >= 0) {
                told = line.substring(ours + "StreamException: ".length());
                break;
            }
        }
        return told.length() <= LONGEST_REASON ? told : told.substring(0, LONGEST_REASON);
    }
}

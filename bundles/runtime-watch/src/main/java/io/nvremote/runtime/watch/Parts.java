// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import io.nvremote.runtime.FailedPart;
import io.nvremote.runtime.Inventory;
import io.nvremote.runtime.watch.Wiring.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The components and bundles of this framework, as far as they failed. One thread. */
final class Parts {

    private static final int LONGEST_REASON = 500;
    /** How SCR says that a component could not be made because of another. */
    private static final String REFUSED = "Unable to get service for reference";
    /** Bundles are started one after the other, on a busy machine for a good while. */
    private static final int STARTING = 30;

    private static final int STUCK = 5;

    private final BundleContext context;
    /** Can be asked even when the context is of no use any more: the runtime may stop before it is up. */
    private final Bundle framework;

    private final ServiceComponentRuntime components;
    private final Trials trials;
    private final Held held;
    /** Whoever takes services up on its own, as far as it is there by now. */
    private final Collection<Inventory> whiteboards;
    /** At the last look. */
    private Wiring wiring;

    /**
     * A part that does not run.
     *
     * @param looks in so many looks one after the other it must have been seen like this: it may only be on its way
     * @param tried what is tried again, by name and in this order
     * @param told whether the framework's log has the reason
     */
    record Failed(FailedPart part, int looks, Map<String, Trials.Again> tried, boolean told) {}

    Parts(BundleContext context, ServiceComponentRuntime components, Trials trials, Collection<Inventory> whiteboards) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.components = components;
        this.trials = trials;
        this.whiteboards = whiteboards;
        this.held = new Held(context);
        this.wiring = new Wiring(Map.of(), held);
    }

    /** Whether the framework has started, or tried to, each bundle that is to run: until then it is on its way up. */
    boolean areBegun() {
        return framework.getState() == Bundle.ACTIVE;
    }

    /** What is failed now, by name. */
    Map<String, Failed> failed() {
        Map<String, Failed> found = new LinkedHashMap<>();
        addBundles(found);
        addDeaf(found);
        Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> all = described();
        Offers offers = new Offers();
        all.forEach(offers::add);
        Activations activations = new Activations(all.keySet());
        wiring = new Wiring(all, held);
        Set<Long> unusable =
                whiteboards.stream().flatMap(each -> each.refused().stream()).collect(Collectors.toSet());
        for (Part part : wiring.parts()) {
            ComponentConfigurationDTO one = part.configuration();
            boolean told = one.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
            // Nothing is said of an immediate one that could not be made: it stays satisfied and never becomes active.
            boolean stuck = one.state == ComponentConfigurationDTO.SATISFIED && part.component().immediate;
            String name = name(part);
            String lacking = offers.lacking(part.component(), one);
            Wiring.Refused refused = wiring.refused(part);
            if (stuck && activations.include(part.component())) {
                // Slow, not failed: to disable it now would let it start twice.
                FailedPart slow = new FailedPart(name, "is still being activated", true);
                found.put(name, new Failed(slow, STUCK, Map.of(), false));
            } else if (told || stuck) {
                FailedPart failed = new FailedPart(name, reason(one.failure));
                found.put(name, new Failed(failed, told ? 1 : STUCK, tried(part), true));
            } else if (refused != null
                    && refused.tried().stream().noneMatch(each -> activations.include(each.component()))) {
                FailedPart without = new FailedPart(name, "runs without the " + refused.service() + " that is there");
                found.put(name, new Failed(without, STUCK, tried(refused.tried()), false));
            } else if (one.service != null && unusable.contains(one.service.id)) {
                FailedPart unused = new FailedPart(name, "is not in use: it could not be had when it was asked for");
                found.put(name, new Failed(unused, 1, unused(part), false));
            } else if (lacking != null) {
                found.put(name, new Failed(new FailedPart(name, lacking), STUCK, Map.of(), false));
            }
        }
        return found;
    }

    private Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> described() {
        Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> all = new LinkedHashMap<>();
        components
                .getComponentDescriptionDTOs()
                .forEach(component -> all.put(component, components.getComponentConfigurationDTOs(component)));
        return all;
    }

    private void addBundles(Map<String, Failed> found) {
        for (Bundle bundle : context.getBundles()) {
            if (isOff(bundle)) {
                String name = "bundle " + bundle.getSymbolicName();
                Map<String, Trials.Again> start = Map.of(name, () -> start(bundle));
                found.put(name, new Failed(new FailedPart(name, "is not started"), STARTING, start, true));
            }
        }
    }

    private void addDeaf(Map<String, Failed> found) {
        for (Inventory whiteboard : whiteboards) {
            if (whiteboard.deaf()) {
                String name = "whiteboard of " + whiteboard.getClass().getSimpleName();
                FailedPart deaf = new FailedPart(name, "does not take up what it is offered");
                found.put(name, new Failed(deaf, STUCK, Map.of(name, whiteboard::startAnew), false));
            }
        }
    }

    /** One that could not get what it needs comes of its own once that does; it is tried itself if nothing else has failed. */
    private Map<String, Trials.Again> tried(Part part) {
        String failure = part.configuration().failure;
        Set<Part> tried = new LinkedHashSet<>();
        if (failure == null || failure.contains(REFUSED)) {
            tried.addAll(wiring.behind(part));
        }
        if (tried.stream().noneMatch(Part::failed)) {
            tried.add(part);
        }
        return tried(tried);
    }

    /**
     * What a whiteboard could not get is offered to it anew, after what is behind it: as that comes back, the part comes with it, and is
     * refused once more if it is asked for while the other is still on its way.
     */
    private Map<String, Trials.Again> unused(Part part) {
        Map<String, Trials.Again> tried = tried(wiring.behind(part));
        tried.remove(name(part));
        tried.put(name(part), () -> trials.anew(part));
        return tried;
    }

    /** What is to be made anew when one came back that had failed: it may have been by itself, and then who was refused it still is. */
    Map<String, Trials.Again> refused(String back) {
        Set<Part> idle = new LinkedHashSet<>();
        wiring.parts().stream().filter(part -> name(part).equals(back)).forEach(part -> idle.addAll(wiring.idle(part)));
        return tried(idle);
    }

    private Map<String, Trials.Again> tried(Collection<Part> some) {
        Map<String, Trials.Again> tried = new LinkedHashMap<>();
        some.forEach(part -> tried.put(name(part), () -> trials.again(part)));
        return tried;
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

    private static String name(Part part) {
        String pid = Trials.pid(part.configuration());
        String name = part.component().name;
        return pid == null || pid.equals(name) || !pid.contains("~") ? name : name + pid.substring(pid.indexOf('~'));
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

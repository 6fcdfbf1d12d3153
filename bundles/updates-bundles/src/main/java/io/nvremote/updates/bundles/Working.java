// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.runtime.Inventory;
import io.nvremote.runtime.Underway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/** What runs in this framework, by names that outlast the exchange of a bundle. Safe for any thread. */
final class Working {

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    Working(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    /**
     * Components that serve or would at once, and what those say is at work who know more ({@link Inventory}).
     *
     * @param without components of this bundle are left out whose names {@code only} has not: a new version may have given them up
     * @param retired bundles of which all are left out
     */
    SortedSet<String> now(Bundle without, Set<String> only, Predicate<Bundle> retired) {
        SortedSet<String> working = new TreeSet<>();
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            Bundle bundle = context.getBundle(component.bundle.id);
            if (bundle == null || retired.test(bundle) || (bundle.equals(without) && !only.contains(component.name))) {
                continue;
            }
            for (ComponentConfigurationDTO one : components.getComponentConfigurationDTOs(component)) {
                if (serves(component, one)) {
                    Object pid = one.properties.get(Constants.SERVICE_PID);
                    working.add(component.name + (pid instanceof String id && id.contains("~") ? " " + id : ""));
                }
            }
        }
        inventories(working);
        return working;
    }

    /**
     * What would end if the bundle stopped, in words: of its components, and of those that can't be without them.
     *
     * @param replaced another version of it is there by then, for those who can change over
     */
    List<String> ends(Bundle bundle, boolean replaced) {
        List<ComponentConfigurationDTO> all = components.getComponentDescriptionDTOs().stream()
                .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
                .toList();
        Set<Long> gone = new HashSet<>();
        Deque<ComponentConfigurationDTO> open = new ArrayDeque<>();
        all.stream()
                .filter(one -> one.description.bundle.id == bundle.getBundleId())
                .forEach(open::add);
        while (!open.isEmpty()) {
            ComponentConfigurationDTO next = open.remove();
            if (gone.add(next.id) && next.service != null) {
                boolean another = replaced && next.description.bundle.id == bundle.getBundleId();
                all.stream().filter(one -> needs(one, next.service.id, another)).forEach(open::add);
            }
        }
        return underway(gone::contains);
    }

    /** Whether anything is under way here that somebody would miss. */
    boolean busy() {
        return !underway(all -> true).isEmpty();
    }

    private List<String> underway(Predicate<Object> component) {
        List<String> ends = new ArrayList<>();
        for (ServiceReference<Underway> reference : references(Underway.class)) {
            Underway work = component.test(reference.getProperty(ComponentConstants.COMPONENT_ID))
                    ? context.getService(reference)
                    : null;
            if (work != null) {
                try {
                    ends.addAll(work.underway());
                } finally {
                    context.ungetService(reference);
                }
            }
        }
        return ends;
    }

    /** Whether a component stops when that service goes: another of its kind may take its place only where it may change. */
    private static boolean needs(ComponentConfigurationDTO one, long service, boolean another) {
        for (SatisfiedReferenceDTO bound : one.satisfiedReferences) {
            boolean used = Arrays.stream(bound.boundServices).anyMatch(each -> each != null && each.id == service);
            boolean needed = Arrays.stream(one.description.references)
                    .anyMatch(reference -> reference.name.equals(bound.name)
                            && (reference.policy.equals("static")
                                    || (!another && reference.cardinality.startsWith("1"))));
            if (used && needed) {
                return true;
            }
        }
        return false;
    }

    /** The components that a bundle declares, whether they run or not; none if it is not active. */
    Set<String> declared(Bundle bundle) {
        SortedSet<String> names = new TreeSet<>();
        components.getComponentDescriptionDTOs(bundle).forEach(component -> names.add(component.name));
        return names;
    }

    private static boolean serves(ComponentDescriptionDTO component, ComponentConfigurationDTO one) {
        return one.state == ComponentConfigurationDTO.ACTIVE
                || (one.state == ComponentConfigurationDTO.SATISFIED && !component.immediate);
    }

    private void inventories(SortedSet<String> working) {
        for (ServiceReference<Inventory> reference : references(Inventory.class)) {
            Inventory inventory = context.getService(reference);
            if (inventory != null) {
                try {
                    working.addAll(inventory.atWork());
                } finally {
                    context.ungetService(reference);
                }
            }
        }
    }

    <T> Collection<ServiceReference<T>> references(Class<T> type) {
        try {
            return context.getServiceReferences(type, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/**
 * Who gets what from whom among the components, as SCR tells it at one moment.
 *
 * <p>Felix SCR asks for a service once: a component that was refused it (its provider failed just then) counts as satisfied, and is not
 * made, or runs without it, for as long as that service stays registered, even if others get it by now. Nothing says so: it shows
 * only in who uses what. One thread.
 */
final class Wiring {

    private final List<Part> parts = new ArrayList<>();
    private final Holders holders;

    /** One component with one of its configurations. */
    record Part(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {

        private boolean runs() {
            return configuration.state == ComponentConfigurationDTO.ACTIVE;
        }

        boolean failed() {
            return configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
        }

        private boolean waits() {
            return configuration.state == ComponentConfigurationDTO.SATISFIED || failed();
        }
    }

    /** Tells what a component is given: services themselves, or references to them, which use nothing yet. */
    interface Holders {
        boolean holds(ComponentDescriptionDTO component, ReferenceDTO reference);
    }

    Wiring(Map<ComponentDescriptionDTO, Collection<ComponentConfigurationDTO>> all, Holders holders) {
        all.forEach((component, configurations) ->
                configurations.forEach(configuration -> parts.add(new Part(component, configuration))));
        this.holders = holders;
    }

    List<Part> parts() {
        return parts;
    }

    /** Those that do not run and that the part can't be made without, each without such a one behind it; itself if there is none. */
    Set<Part> behind(Part part) {
        Set<Part> roots = new LinkedHashSet<>();
        roots(part, roots, new HashSet<>());
        return roots.isEmpty() ? Set.of(part) : roots;
    }

    private void roots(Part part, Set<Part> roots, Set<Part> met) {
        met.add(part);
        List<Part> waiting = Arrays.stream(part.component().references)
                .filter(reference -> reference.cardinality.startsWith("1"))
                .flatMap(reference -> lacking(part, reference).stream())
                .filter(other -> !met.contains(other))
                .toList();
        if (waiting.isEmpty()) {
            roots.add(part);
        }
        waiting.forEach(other -> roots(other, roots, met));
    }

    /** Who would offer what that reference asks for, if nobody that runs does. */
    private List<Part> lacking(Part part, ReferenceDTO reference) {
        List<Part> offering =
                parts.stream().filter(other -> offers(other, part, reference)).toList();
        return offering.stream().anyMatch(Part::runs)
                ? List.of()
                : offering.stream().filter(Part::waits).toList();
    }

    /**
     * Those that ask for the service of one that came back, and that nobody uses: they may have been refused it, and who asked for them
     * with them. To register such a one anew disturbs nobody.
     */
    List<Part> idle(Part back) {
        return parts.stream()
                .filter(part -> part.waits()
                        && !part.failed()
                        && !part.component().immediate
                        && Arrays.stream(part.component().references)
                                .anyMatch(reference -> offers(back, part, reference)))
                .toList();
    }

    /**
     * What a part runs without although it is bound to it.
     *
     * @param service the interface
     * @param tried what was refused: whoever offers it if that is not made either, or else the part
     */
    record Refused(String service, Set<Part> tried) {}

    /** Null if the part has all that it is bound to. */
    @Nullable
    Refused refused(Part part) {
        if (!part.runs() || part.configuration().satisfiedReferences == null) {
            return null;
        }
        ComponentDescriptionDTO component = part.component();
        for (SatisfiedReferenceDTO satisfied : part.configuration().satisfiedReferences) {
            List<ServiceReferenceDTO> unused = Arrays.stream(satisfied.boundServices)
                    .filter(Objects::nonNull)
                    .filter(service ->
                            Arrays.stream(service.usingBundles).noneMatch(user -> user == component.bundle.id))
                    .toList();
            for (ReferenceDTO reference : unused.isEmpty() ? new ReferenceDTO[0] : component.references) {
                if (reference.name.equals(satisfied.name) && holders.holds(component, reference)) {
                    return new Refused(reference.interfaceName, unmade(part, unused));
                }
            }
        }
        return null;
    }

    private Set<Part> unmade(Part part, List<ServiceReferenceDTO> unused) {
        Set<Part> unmade = new LinkedHashSet<>();
        parts.stream()
                .filter(other -> other.waits()
                        && other.configuration().service != null
                        && unused.stream().anyMatch(service -> service.id == other.configuration().service.id))
                .forEach(other -> unmade.addAll(behind(other)));
        return unmade.isEmpty() ? Set.of(part) : unmade;
    }

    private static boolean offers(Part other, Part part, ReferenceDTO reference) {
        ServiceReferenceDTO service = other.configuration().service;
        SatisfiedReferenceDTO satisfied = satisfied(part, reference);
        String target = satisfied == null ? reference.target : satisfied.target;
        return service != null
                && Arrays.asList(other.component().serviceInterfaces).contains(reference.interfaceName)
                && (target == null || matches(target, service.properties));
    }

    private static boolean matches(String target, Map<String, Object> properties) {
        try {
            return FrameworkUtil.createFilter(target).matches(properties);
        } catch (InvalidSyntaxException e) {
            return false; // SCR has refused it, and said so.
        }
    }

    private static @Nullable SatisfiedReferenceDTO satisfied(Part part, ReferenceDTO reference) {
        SatisfiedReferenceDTO[] all = part.configuration().satisfiedReferences;
        return all == null
                ? null
                : Arrays.stream(all)
                        .filter(each -> each.name.equals(reference.name))
                        .findFirst()
                        .orElse(null);
    }
}

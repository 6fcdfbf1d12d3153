// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Which components are on their way right now: SCR calls such a one satisfied, as it does one that could not be made. Those of one
 * moment: threads are looked at once, and only if somebody asks. One thread.
 */
final class Activations {

    private final Collection<ComponentDescriptionDTO> components;
    private @Nullable Set<ComponentDescriptionDTO> running;

    Activations(Collection<ComponentDescriptionDTO> components) {
        this.components = components;
    }

    /**
     * Whether some thread is in the constructor or activation of the component, or of one that it gets, perhaps by way of others: what
     * it needs is made first, and until then no thread shows the component itself.
     */
    boolean include(ComponentDescriptionDTO component) {
        if (running == null) {
            List<StackTraceElement> frames = Thread.getAllStackTraces().values().stream()
                    .flatMap(Arrays::stream)
                    .toList();
            running = components.stream().filter(each -> isIn(each, frames)).collect(Collectors.toSet());
        }
        Set<ComponentDescriptionDTO> met = new HashSet<>(Set.of(component));
        Deque<ComponentDescriptionDTO> open = new ArrayDeque<>(met);
        while (!running.isEmpty() && !open.isEmpty()) {
            ComponentDescriptionDTO next = open.remove();
            if (running.contains(next)) {
                return true;
            }
            components.stream()
                    .filter(each -> gets(next, each))
                    .filter(met::add)
                    .forEach(open::add);
        }
        return false;
    }

    private static boolean gets(ComponentDescriptionDTO one, ComponentDescriptionDTO other) {
        List<String> offered = List.of(other.serviceInterfaces);
        return Arrays.stream(one.references).anyMatch(reference -> offered.contains(reference.interfaceName));
    }

    private static boolean isIn(ComponentDescriptionDTO component, List<StackTraceElement> frames) {
        return frames.stream()
                .anyMatch(frame -> frame.getClassName().equals(component.implementationClass)
                        && (frame.getMethodName().equals("<init>")
                                || frame.getMethodName().equals(component.activate)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.osgi.service.condition.Condition;

/**
 * Which services the components of this framework offer, to tell a component that waits for what is on its way, or lacks itself, from
 * one that waits in vain: the name it was given is misspelt, or what it needs is not configured. Not safe for threads.
 */
final class Offers {

    /** By interface: whether somebody who would offer it waits or failed, so that it may still come. */
    private final Map<String, Boolean> coming = new HashMap<>();

    /** Not only components register it: each says of its own when it comes. */
    private static final String CONDITION = Condition.class.getName();

    void add(ComponentDescriptionDTO component, Iterable<ComponentConfigurationDTO> configurations) {
        boolean waits = !component.defaultEnabled;
        for (ComponentConfigurationDTO one : configurations) {
            waits |= one.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                    || one.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
        }
        for (String service : component.serviceInterfaces) {
            coming.merge(service, waits, Boolean::logicalOr);
        }
    }

    /**
     * What the component waits for in vain, in words; null if it does not, and if nobody configured it: many a bundle has parts that
     * rest until it is configured.
     */
    @Nullable
    String lacking(ComponentDescriptionDTO component, ComponentConfigurationDTO one) {
        boolean wanted = one.properties.containsKey(Constants.SERVICE_PID);
        if (one.state != ComponentConfigurationDTO.UNSATISFIED_REFERENCE || !wanted) {
            return null;
        }
        for (UnsatisfiedReferenceDTO reference : one.unsatisfiedReferences) {
            String service = service(component, reference.name);
            if (service != null && !service.equals(CONDITION) && Boolean.FALSE.equals(coming.get(service))) {
                return "waits for a " + service.substring(service.lastIndexOf('.') + 1)
                        + (reference.target == null ? "" : " with " + reference.target)
                        + ", which nothing that is configured here offers";
            }
        }
        return null;
    }

    private static @Nullable String service(ComponentDescriptionDTO component, String reference) {
        for (ReferenceDTO each : component.references) {
            if (each.name.equals(reference)) {
                return each.interfaceName;
            }
        }
        return null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.runtime.Inventory;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.runtime.JaxrsServiceRuntime;
import org.osgi.service.jaxrs.runtime.dto.ApplicationDTO;
import org.osgi.service.jaxrs.runtime.dto.DTOConstants;
import org.osgi.service.jaxrs.runtime.dto.RuntimeDTO;

/** Operations and extensions as the whiteboard has taken them up, which it does on threads of its own. Safe for any thread. */
@Component
public final class RestInventory implements Inventory {

    private final JaxrsServiceRuntime whiteboard;

    @Activate
    public RestInventory(@Reference JaxrsServiceRuntime whiteboard) {
        this.whiteboard = whiteboard;
    }

    @Override
    public Set<String> atWork() {
        Set<String> names = new TreeSet<>();
        for (ApplicationDTO application : whiteboard.getRuntimeDTO().applicationDTOs) {
            Arrays.stream(application.resourceDTOs)
                    .flatMap(resource -> Arrays.stream(resource.resourceMethods))
                    .forEach(method -> names.add("operation " + method.method + " " + method.path));
            Arrays.stream(application.extensionDTOs).forEach(one -> names.add("extension " + one.name));
        }
        return names;
    }

    @Override
    public Set<Long> refused() {
        RuntimeDTO now = whiteboard.getRuntimeDTO();
        Stream<Long> applications = Arrays.stream(now.failedApplicationDTOs)
                .filter(one -> one.failureReason == DTOConstants.FAILURE_REASON_SERVICE_NOT_GETTABLE)
                .map(one -> one.serviceId);
        Stream<Long> resources = Arrays.stream(now.failedResourceDTOs)
                .filter(one -> one.failureReason == DTOConstants.FAILURE_REASON_SERVICE_NOT_GETTABLE)
                .map(one -> one.serviceId);
        Stream<Long> extensions = Arrays.stream(now.failedExtensionDTOs)
                .filter(one -> one.failureReason == DTOConstants.FAILURE_REASON_SERVICE_NOT_GETTABLE)
                .map(one -> one.serviceId);
        return Stream.of(applications, resources, extensions)
                .flatMap(each -> each)
                .collect(Collectors.toSet());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.runtime.Inventory;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
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

    private static final String OFFERED =
            "(|(osgi.jaxrs.resource=true)(osgi.jaxrs.extension=true)(osgi.jaxrs.application.base=*))";

    private final BundleContext context;
    private final JaxrsServiceRuntime whiteboard;
    private final Bundle provider;

    @Activate
    public RestInventory(
            BundleContext context,
            @Reference(name = "whiteboard") JaxrsServiceRuntime whiteboard,
            @Reference(name = "provider", service = JaxrsServiceRuntime.class)
                    ServiceReference<JaxrsServiceRuntime> provider) {
        this.context = context;
        this.whiteboard = whiteboard;
        this.provider = provider.getBundle();
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

    /**
     * The library keeps what it is offered in maps that are not made for threads: of two that register services at the same time one can
     * fail with an exception of those maps, and what it brought is forgotten, or everything.
     */
    @Override
    public boolean deaf() {
        try {
            ServiceReference<?>[] offered = context.getAllServiceReferences(null, OFFERED);
            return offered != null && !known(whiteboard.getRuntimeDTO()).containsAll(offeredByOthers(offered));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter of what is offered", e);
        }
    }

    /** What it makes of them has their properties too. */
    private Set<Long> offeredByOthers(ServiceReference<?>... offered) {
        return Arrays.stream(offered)
                .filter(one -> !provider.equals(one.getBundle()))
                .map(one -> (Long) one.getProperty(Constants.SERVICE_ID))
                .collect(Collectors.toSet());
    }

    /** Ids of all that the whiteboard says anything of. */
    static Set<Long> known(RuntimeDTO now) {
        Set<Long> known = new HashSet<>();
        for (ApplicationDTO application : now.applicationDTOs) {
            known.add(application.serviceId);
            Arrays.stream(application.resourceDTOs).forEach(one -> known.add(one.serviceId));
            Arrays.stream(application.extensionDTOs).forEach(one -> known.add(one.serviceId));
        }
        Arrays.stream(now.failedApplicationDTOs).forEach(one -> known.add(one.serviceId));
        Arrays.stream(now.failedResourceDTOs).forEach(one -> known.add(one.serviceId));
        Arrays.stream(now.failedExtensionDTOs).forEach(one -> known.add(one.serviceId));
        return known;
    }

    @Override
    public void startAnew() throws IOException {
        try {
            provider.stop(Bundle.STOP_TRANSIENT);
            provider.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            throw new IOException("the REST whiteboard can't be started anew: " + e.getMessage(), e);
        }
    }
}

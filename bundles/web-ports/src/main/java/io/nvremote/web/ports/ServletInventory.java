// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.runtime.Inventory;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.dto.DTOConstants;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;

/** Servlets and filters as the web server has taken them up, by what they answer for. Safe for any thread. */
@Component
public final class ServletInventory implements Inventory {

    private final HttpServiceRuntime server;

    @Activate
    public ServletInventory(@Reference HttpServiceRuntime server) {
        this.server = server;
    }

    @Override
    public Set<String> atWork() {
        Set<String> names = new TreeSet<>();
        RuntimeDTO now = server.getRuntimeDTO();
        Arrays.stream(now.servletContextDTOs).forEach(context -> {
            Arrays.stream(context.servletDTOs)
                    .forEach(one -> Arrays.stream(one.patterns).forEach(each -> names.add("servlet " + each)));
            Arrays.stream(context.filterDTOs)
                    .forEach(one -> Arrays.stream(one.patterns).forEach(each -> names.add("filter " + each)));
        });
        return names;
    }

    @Override
    public Set<Long> refused() {
        RuntimeDTO now = server.getRuntimeDTO();
        Stream<Long> servlets = Arrays.stream(now.failedServletDTOs)
                .filter(one -> isRefused(one.failureReason))
                .map(one -> one.serviceId);
        Stream<Long> filters = Arrays.stream(now.failedFilterDTOs)
                .filter(one -> isRefused(one.failureReason))
                .map(one -> one.serviceId);
        return Stream.concat(servlets, filters).collect(Collectors.toSet());
    }

    private static boolean isRefused(int reason) {
        return reason == DTOConstants.FAILURE_REASON_SERVICE_NOT_GETTABLE;
    }
}

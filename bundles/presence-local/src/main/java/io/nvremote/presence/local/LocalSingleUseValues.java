// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import io.nvremote.presence.SingleUseValues;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Single-use values in this process. */
@Component
public final class LocalSingleUseValues implements SingleUseValues {

    private final Clock clock;
    private final ConcurrentHashMap<String, LocalNamespace> open = new ConcurrentHashMap<>();

    @Activate
    public LocalSingleUseValues() {
        this(Clock.system());
    }

    /** For tests, of users as well: with a clock of theirs. */
    public LocalSingleUseValues(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Namespace open(String name, Limits limits) {
        LocalNamespace found = open.computeIfAbsent(name, key -> new LocalNamespace(limits, clock));
        if (!found.limits().equals(limits)) {
            throw new IllegalArgumentException(name + " is open with other limits: " + found.limits());
        }
        return found;
    }
}

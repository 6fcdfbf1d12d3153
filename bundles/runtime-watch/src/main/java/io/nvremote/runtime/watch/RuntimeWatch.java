// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.runtime.FailedPart;
import io.nvremote.runtime.Inventory;
import io.nvremote.runtime.RuntimeHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Looks after the runtime's parts on a virtual thread of its own: knows the failed ones, and tries them again. */
@Component(immediate = true)
public final class RuntimeWatch implements RuntimeHealth {

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration UP = Duration.ofMillis(100);
    private static final FailedPart STARTING = new FailedPart("runtime", "is still starting", true);

    private final List<Inventory> whiteboards = new CopyOnWriteArrayList<>();
    private final Parts parts;
    private final Retries retries = new Retries();
    private final Clock clock = Clock.system();
    private final Thread thread = Thread.ofVirtual().name("runtime-watch").unstarted(this::run);
    private final Map<String, Integer> seen = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    /** Nobody knows what will fail before everything was begun. */
    private volatile List<FailedPart> failed;

    @Activate
    public RuntimeWatch(
            BundleContext context,
            @Reference ServiceComponentRuntime components,
            @Reference ConfigurationAdmin configurations) {
        parts = new Parts(context, components, new Trials(components, configurations), whiteboards);
        failed = parts.areBegun() ? List.of() : List.of(STARTING); // It may be replaced while everything runs.
        thread.start();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addWhiteboard(Inventory whiteboard) {
        whiteboards.add(whiteboard);
    }

    void removeWhiteboard(Inventory whiteboard) {
        whiteboards.remove(whiteboard);
    }

    @Override
    public List<FailedPart> failed() {
        return failed;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted() && !parts.areBegun()) {
            clock.sleep(UP);
        }
        while (!Thread.currentThread().isInterrupted()) {
            look();
            clock.sleep(LOOK_EVERY);
        }
    }

    private void look() {
        Map<String, Parts.Failed> now;
        try {
            now = parts.failed();
        } catch (IllegalStateException e) {
            LOG.atDebug().setCause(e).log("the framework is stopping");
            return;
        }
        seen.keySet().retainAll(now.keySet());
        now.keySet().forEach(name -> seen.merge(name, 1, Integer::sum));
        now.entrySet()
                .removeIf(entry ->
                        seen.getOrDefault(entry.getKey(), 0) < entry.getValue().looks());
        failed = now.values().stream().map(Parts.Failed::part).toList();
        Map<String, Trials.Again> trials = new LinkedHashMap<>();
        known.removeIf(name -> {
            boolean back = !now.containsKey(name);
            if (back) {
                retries.forget(name);
                trials.putAll(parts.refused(name));
                LOG.atInfo().addKeyValue("component", name).log("a part that was missing runs now");
            }
            return back;
        });
        now.forEach((name, part) -> {
            if (known.add(name) && !part.told()) {
                LOG.atLevel(part.part().starting() ? Level.WARN : Level.ERROR)
                        .addKeyValue("component", name)
                        .addKeyValue(Keys.REASON, part.part().reason())
                        .log(part.part().starting() ? "a part takes long to start" : "a part can't start");
            }
        });
        List<String> due = retries.due(now.keySet(), clock.nanos());
        now.forEach((name, part) -> trials.putAll(due.contains(name) ? part.tried() : Map.of()));
        trials.forEach(RuntimeWatch::again);
    }

    private static void again(String name, Trials.Again trial) {
        try {
            LOG.atDebug().addKeyValue("component", name).log("a part is tried again");
            trial.run();
        } catch (IOException | InvalidSyntaxException e) {
            LOG.atDebug().setCause(e).addKeyValue("component", name).log("a part can't be tried again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Deactivate
    void close() {
        thread.interrupt();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import io.nvremote.core.Clock;
import io.nvremote.runtime.watch.Wiring.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.util.promise.Promise;

/**
 * Tries components again, one after the other: while one goes away and comes, another that is being made would be refused it. One
 * thread, which each trial blocks until it was done, or for {@link #PATIENCE}.
 */
final class Trials {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(50);

    private final ServiceComponentRuntime components;
    private final ConfigurationAdmin configurations;
    private final Clock clock = Clock.system();

    /** Tries a part once more. */
    interface Again {
        void run() throws IOException, InvalidSyntaxException, InterruptedException;
    }

    Trials(ServiceComponentRuntime components, ConfigurationAdmin configurations) {
        this.components = components;
        this.configurations = configurations;
    }

    static @Nullable String pid(ComponentConfigurationDTO one) {
        return one.properties.get(Constants.SERVICE_PID) instanceof String pid ? pid : null;
    }

    /** One of a factory's components is tried alone: its siblings are not touched. Nothing, if it has changed since it was looked at. */
    void again(Part part) throws IOException, InvalidSyntaxException, InterruptedException {
        ComponentConfigurationDTO seen = part.configuration();
        if (components.getComponentConfigurationDTOs(part.component()).stream()
                .noneMatch(now -> now.id == seen.id && now.state == seen.state)) {
            return;
        }
        anew(part);
    }

    /** The same, whatever has become of it. */
    void anew(Part part) throws IOException, InvalidSyntaxException, InterruptedException {
        String pid = pid(part.configuration());
        if (pid == null || !pid.contains("~")) {
            await(components.disableComponent(part.component()));
            await(components.enableComponent(part.component()));
            return;
        }
        Configuration[] known = configurations.listConfigurations("(service.pid=" + pid + ")");
        if (known != null) {
            for (Configuration configuration : known) {
                anew(configuration);
            }
            awaitAnother(part, pid);
        }
    }

    /** Takes one component of a factory away and brings it back; an update alone would not make one that failed again. */
    private void anew(Configuration configuration) throws IOException {
        Dictionary<String, Object> values = configuration.getProperties();
        String factory = configuration.getFactoryPid();
        String pid = configuration.getPid();
        if (values != null && factory != null) {
            configuration.delete();
            configurations
                    .getFactoryConfiguration(factory, pid.substring(pid.indexOf('~') + 1), "?")
                    .update(values);
        }
    }

    /** The configuration admin tells SCR on a thread of its own. */
    private void awaitAnother(Part part, String pid) {
        long end = clock.nanos() + PATIENCE.toNanos();
        while (!Thread.currentThread().isInterrupted()
                && clock.nanos() - end < 0
                && components.getComponentConfigurationDTOs(part.component()).stream()
                        .noneMatch(now -> now.id != part.configuration().id && pid.equals(pid(now)))) {
            clock.sleep(STEP);
        }
    }

    private static void await(Promise<Void> change) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        change.onResolve(done::countDown);
        done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS); // Who takes longer is named as slow by the next look.
    }
}

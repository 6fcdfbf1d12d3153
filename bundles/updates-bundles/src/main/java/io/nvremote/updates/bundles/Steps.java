// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.StreamException;
import io.nvremote.lib.services.Bounded;
import io.nvremote.updates.UpdateError;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * What is asked of a bundle while it is replaced: its code may throw, or never return. Safe for any thread.
 *
 * @param patience how long it is waited for
 */
record Steps(Duration patience) {

    @FunctionalInterface
    interface Step {
        void run() throws BundleException;
    }

    void start(Bundle bundle) {
        run("start", bundle, () -> bundle.start(Bundle.START_ACTIVATION_POLICY));
    }

    void stop(Bundle bundle) {
        run("stop", bundle, bundle::stop);
    }

    /** @throws StreamException {@link UpdateError#UNHEALTHY} */
    void run(String what, Bundle bundle, Step step) {
        String named = what + " of " + bundle.getSymbolicName() + " " + bundle.getVersion();
        try {
            Bounded.call(named, patience, () -> {
                step.run();
                return named;
            });
        } catch (Bounded.Overdue e) {
            throw new StreamException(UpdateError.UNHEALTHY, String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new StreamException(UpdateError.UNHEALTHY, named + ": " + cause.getMessage(), cause);
        }
    }
}

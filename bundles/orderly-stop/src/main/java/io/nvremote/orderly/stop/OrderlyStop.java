// SPDX-License-Identifier: Apache-2.0
package io.nvremote.orderly.stop;

import io.nvremote.core.Keys;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the framework when the process is asked to end (SIGTERM, Ctrl-C), so that clients hear it and nothing is left behind. The
 * launcher does not do that by itself.
 */
@Component(
        service = {},
        immediate = true)
public final class OrderlyStop {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);
    private static final long LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(12);

    private final Framework framework;
    private final Thread hook = Thread.ofPlatform().name("orderly-stop").unstarted(this::stop);

    @Activate
    public OrderlyStop(BundleContext context) {
        framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(Framework.class);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        try {
            framework.stop();
            framework.waitForStop(LIMIT_MILLIS);
        } catch (BundleException e) {
            LOG.atWarn().addKeyValue(Keys.REASON, e.getMessage()).log("framework did not stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Deactivate
    void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.atDebug().log("the process is ending"); // By this hook: there is nothing to remove.
        }
    }
}

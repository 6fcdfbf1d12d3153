package io.nvremote.host;

import io.nvremote.core.Keys;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the framework when the process is asked to end (SIGTERM, Ctrl-C), so that clients hear it and nothing is left behind. The
 * launcher does not do that by itself.
 */
final class OrderlyStop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);
    private static final long LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(8);

    private final Framework framework;
    private final Thread hook = Thread.ofPlatform().name("orderly-stop").unstarted(this::stop);

    OrderlyStop(Framework framework) {
        this.framework = framework;
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

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.atDebug().log("the process is ending"); // By this hook: there is nothing to remove.
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.services.Asked;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.runtime.RuntimeHealth;
import io.nvremote.updates.RuntimeBundles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the owner of the folder that the framework property {@value #FOLDER} names replace this runtime's bundles. A property and no
 * configuration: what was kept must be in its place before the bundles start, and with them the configuration arrives. Without it
 * nothing is done, and nothing listens.
 */
@Component(
        immediate = true,
        service = {})
public final class BundleUpdater {

    static final String FOLDER = "nvremote.bundles";

    private static final Logger LOG = LoggerFactory.getLogger(BundleUpdater.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final BundleContext context;
    private final Clock clock = Clock.system();
    private final @Nullable CommandSocket socket;
    private final @Nullable Thread thread;

    @Activate
    public BundleUpdater(BundleContext context, @Reference ServiceComponentRuntime components) {
        this.context = context;
        String named = context.getProperty(FOLDER);
        if (named == null || named.isBlank()) {
            socket = null;
            thread = null;
            return;
        }
        Path folder = Path.of(named).toAbsolutePath();
        BundleUpdates updates;
        try {
            StateFiles.ownerFolder(folder.resolve("publishers"));
            updates = new BundleUpdates(
                    context,
                    new Exchange(context, new Working(context, components), PATIENCE, clock),
                    new Publishers(folder.resolve("publishers")),
                    new Ledger(folder),
                    clock);
            updates.restore();
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, FOLDER + "=" + folder + ": can't be used: " + e.getMessage(), e);
        }
        socket = listen(folder.resolve("bundles.sock"), updates);
        thread = Thread.ofVirtual().name("bundle-updates").start(() -> run(updates));
        context.registerService(RuntimeBundles.class, updates, null);
    }

    /** Where the socket can't be made, the runtime does its work all the same. */
    private @Nullable CommandSocket listen(Path file, BundleUpdates updates) {
        try {
            CommandSocket open = CommandSocket.open(file, new LogCommands(context, new BundleCommands(updates)));
            LOG.atInfo().addKeyValue(Keys.FILE, file).log("bundles of this runtime can be replaced");
            return open;
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, file)
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("nobody can replace bundles: the socket can't be made");
            return null;
        }
    }

    private void run(BundleUpdates updates) {
        boolean proven = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (!proven && isWell()) {
                    updates.proven();
                    proven = true;
                }
                updates.whenIdle();
            } catch (StreamException e) {
                // What waits and the history have it; the next look may do better: a disk was full.
                LOG.atWarn().addKeyValue(Keys.REASON, e.getMessage()).log("a bundle could not be looked after");
            }
            clock.sleep(LOOK_EVERY);
        }
    }

    /** Everything has begun, and nothing is missing. */
    private boolean isWell() {
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.ACTIVE) {
            return false;
        }
        return Asked.now(context, RuntimeHealth.class, health -> health.failed().isEmpty())
                .orElse(false);
    }

    @Deactivate
    void close() {
        if (socket != null) {
            socket.close();
        }
        if (thread != null) {
            thread.interrupt();
        }
    }
}

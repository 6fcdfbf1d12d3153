// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.audit.AuditTrail;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.presence.Holder;
import io.nvremote.presence.HostMessages;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import java.io.IOException;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Listens to hosts and to the operator's command line, and looks every second what follows. Safe for any thread. */
@Designate(ocd = RolloutsConfig.class)
@Component(immediate = true, configurationPid = RolloutsConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RolloutsDesk implements HostMessages {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Rollouts rollouts;
    private final CommandSocket socket;
    private final PeriodicTask look;

    /** As the runtime makes it. */
    @Activate
    public RolloutsDesk(
            RolloutsConfig config,
            @Reference Directory directory,
            @Reference Presence presence,
            @Reference AuditTrail audit) {
        RolloutsSettings settings = RolloutsSettings.of(config);
        try {
            rollouts = new Rollouts(
                    new RolloutBook(settings.folder()), directory, presence, audit, settings, Clock.system());
            socket = CommandSocket.open(settings.folder().resolve("rollouts.sock"), new RolloutCommands(rollouts));
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    RolloutsConfig.PID + " folder=" + settings.folder() + ": can't be used: " + e.getMessage(),
                    e);
        }
        look = PeriodicTask.every(LOOK_EVERY, "rollouts", rollouts::look); // Last: nothing after it can fail.
    }

    @Override
    public boolean received(Holder.Host host, Signal signal) {
        return switch (signal) {
            case Signal.BundleRead wanted -> rollouts.read(host, wanted);
            case Signal.BundleOutcome said -> rollouts.heard(host, said);
            default -> false;
        };
    }

    @Deactivate
    void close() {
        look.close();
        socket.close();
    }
}

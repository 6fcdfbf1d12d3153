// SPDX-License-Identifier: Apache-2.0
package io.nvremote.operator;

import io.nvremote.auth.SignIn;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.lib.commands.CommandSocket;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Listens to the operator's command line as long as directory and sign-in are there. */
@Designate(ocd = OperatorConfig.class)
@Component(
        service = Operator.class,
        immediate = true,
        configurationPid = OperatorConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Operator {

    private final CommandSocket socket;

    @Activate
    public Operator(OperatorConfig config, @Reference Directory directory, @Reference SignIn signIn) {
        Path file = OperatorSettings.of(config).socket();
        try {
            socket = CommandSocket.open(file, new UserCommands(directory, signIn)); // last: nothing after it can fail
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    OperatorConfig.PID + " socket=" + file + ": the socket can't be made there: " + e.getMessage(),
                    e);
        }
    }

    @Deactivate
    void close() {
        socket.close();
    }
}

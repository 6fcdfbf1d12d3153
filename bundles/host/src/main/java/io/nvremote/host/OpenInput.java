// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;

/** One open input session, whose code may be a plugin's; what it holds it lets go when closed. Threads as {@link InputSession}. */
final class OpenInput extends OpenPlugin<InputSink, InputSession> {

    /** Opens a session; throws {@link PluginFault} with whatever the sink threw. */
    OpenInput(ServiceCandidate<InputSink> from, String display, ServiceWatch watch) {
        super(from, watch);
        openBy(sink -> sink.open(display));
    }

    /** Throws {@link PluginFault} with whatever the sink threw. */
    void inject(InputEvent event) {
        call(session -> session.inject(event));
    }
}

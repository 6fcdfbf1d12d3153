// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Runs bodies of plugins in worker processes. A service. Safe for any thread. */
@ProviderType
public interface Workers {

    /**
     * Readies workers for a body; returns before there is one. What goes wrong with them is told by the service's own calls.
     *
     * @param service what the body makes; {@code Encoder} and {@code CaptureSource} are known
     * @param body class of the plugin's bundle
     * @param settings handed to {@link WorkerBody#make}; shown to nobody else
     * @throws io.nvremote.core.StreamException {@link WorkerError#BODY_REFUSED} if there can be no worker for it
     */
    <S> WorkerPlugin<S> start(Class<S> service, Class<? extends WorkerBody<S>> body, Map<String, String> settings);
}

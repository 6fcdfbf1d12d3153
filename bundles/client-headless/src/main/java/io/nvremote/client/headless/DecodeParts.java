// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.decode.Decoder;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.plugins.ServiceObserver;
import io.nvremote.lib.services.RankedServices;

/**
 * What the streams of one client decode with.
 *
 * @param decoders those that are there now
 * @param observer is told what is done with them
 * @param views the streams that are open now
 */
record DecodeParts(
        RankedServices<Decoder> decoders,
        ServiceObserver observer,
        DecodeLimits limits,
        PluginUsers<HeadlessView> views) {}

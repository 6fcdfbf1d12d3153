// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.List;

/**
 * How this host streams.
 *
 * @param captures names of the sources to try, in order
 * @param hang an encoder that does not return for so long is given up
 * @param warmUp an encoder that does not open within it is given up
 * @param silence a client that is not there for so long has left
 */
record StreamPlan(
        List<String> captures,
        String display,
        Size size,
        FrameRate rate,
        Codec codec,
        Bitrate bitrate,
        Duration hang,
        Duration warmUp,
        Duration silence) {}

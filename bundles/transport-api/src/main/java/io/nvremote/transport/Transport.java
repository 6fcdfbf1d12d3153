// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import io.nvremote.media.AccessUnitSink;
import org.osgi.annotation.versioning.ProviderType;

/** Makes the ends of media streams. A service. Safe for any thread. */
@ProviderType
public interface Transport {

    /** The host's end of a video stream. */
    VideoSender sendVideo(VideoSpec spec, DatagramSender out, VideoFeedback feedback);

    /** The client's end of a video stream; units are handed to {@code sink} in order, complete ones only. */
    VideoReceiver receiveVideo(VideoSpec spec, DatagramSender out, AccessUnitSink sink);

    /** One end of a control channel; both ends are alike. */
    ControlChannel control(DatagramSender out, ControlListener listener);
}

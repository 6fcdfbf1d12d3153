// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.ControlListener;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSender;
import io.nvremote.transport.VideoSpec;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** RTP, RTCP and the control channel. What it makes belongs to the caller, who closes it. Safe for any thread. */
@Designate(ocd = TransportConfig.class)
@Component(configurationPid = TransportConfig.PID)
public final class RtpTransport implements Transport {

    private final TransportSettings settings;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public RtpTransport(TransportConfig config) {
        settings = TransportSettings.of(config);
    }

    @Override
    public VideoSender sendVideo(VideoSpec spec, DatagramSender out, VideoFeedback feedback) {
        return new RtpVideoSender(new VideoSetup(spec, settings), out, feedback, Clock.system(), random);
    }

    @Override
    public VideoReceiver receiveVideo(VideoSpec spec, DatagramSender out, AccessUnitSink sink) {
        return new RtpVideoReceiver(new VideoSetup(spec, settings), out, sink, Clock.system(), random);
    }

    @Override
    public ControlChannel control(DatagramSender out, ControlListener listener) {
        return new DatagramControl(out, listener, Clock.system(), random);
    }
}

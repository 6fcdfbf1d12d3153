// SPDX-License-Identifier: Apache-2.0
package com.acme.encoder;

import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderPlugin;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** H.264 by openh264. Ranked above the platform's own software encoder, so streams move to it when it appears. */
@Component(property = "service.ranking:Integer=10")
@EncoderPlugin(codec = "h264", device = "software")
public final class AcmeEncoder implements Encoder {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeEncoder.class);

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        EncoderSession session = new AcmeSession(spec, sink);
        LOG.atInfo()
                .addKeyValue("size", spec.size())
                .addKeyValue("rate", spec.rate())
                .log("encoding"); // A few times an hour: never for each picture.
        return session;
    }
}

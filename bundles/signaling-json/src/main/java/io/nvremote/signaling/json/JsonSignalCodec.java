// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalCodec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The codec as a service. Holds no state but Jackson's; safe for any thread. */
@Component
public final class JsonSignalCodec implements SignalCodec {

    private final SignalWriter writer;
    private final SignalReader reader;

    @Activate
    public JsonSignalCodec() {
        StrictJson json = new StrictJson();
        writer = new SignalWriter(json);
        reader = new SignalReader(json);
    }

    @Override
    public String write(Signal signal) {
        return writer.write(signal);
    }

    @Override
    public Signal read(String text) {
        return reader.read(text);
    }
}

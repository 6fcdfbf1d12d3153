// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;

/** The way from the inner network into the engine. Safe for any thread. */
record EngineOutlet(Engine engine, Clock clock) implements InnerNetwork.Outlet {

    @Override
    public boolean send(byte[] packet, int length) {
        return engine.send(packet, length, clock.nanos());
    }

    @Override
    public boolean gather(byte[] packet, int length) {
        return engine.gather(packet, length, clock.nanos());
    }

    @Override
    public int mtuBytes() {
        return engine.mtuBytes();
    }

    @Override
    public void flush() {
        engine.flush();
    }
}

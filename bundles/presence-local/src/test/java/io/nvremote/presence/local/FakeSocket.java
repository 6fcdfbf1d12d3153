// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalSession;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket that notes what is done to it. */
final class FakeSocket implements SignalSession {

    final List<Signal> sent = new CopyOnWriteArrayList<>();
    final List<String> closes = new CopyOnWriteArrayList<>();
    /** Whether the peer answers a ping. */
    volatile boolean answers = true;

    volatile boolean open = true;
    volatile Runnable whenAsked = () -> {};
    private final String name;

    FakeSocket(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SignalChannel channel() {
        return SignalChannel.HOST;
    }

    @Override
    public X509Certificate certificate() {
        return null;
    }

    @Override
    public InetSocketAddress remote() {
        return new InetSocketAddress("192.0.2.1", 1);
    }

    @Override
    public void send(Signal signal) {
        sent.add(signal);
    }

    @Override
    public boolean drained(Duration limit) {
        return open;
    }

    @Override
    public boolean open() {
        return open;
    }

    @Override
    public void admitted() {}

    @Override
    public boolean alive(Duration limit) {
        whenAsked.run();
        return answers && open;
    }

    @Override
    public void close(int code, String reason) {
        open = false;
        closes.add(code + " " + reason);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket that writes down what is done to it. */
final class FakeWire implements WebSocketPort {

    final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    final AtomicInteger demands = new AtomicInteger();
    final CountDownLatch stuck = new CountDownLatch(1);
    volatile boolean slow;

    @Override
    public X509Certificate certificate() {
        return null;
    }

    @Override
    public InetSocketAddress remote() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public void demand() {
        demands.incrementAndGet();
    }

    @Override
    public boolean send(String text, Duration limit) throws InterruptedException {
        if (slow) {
            return stuck.await(20, TimeUnit.SECONDS);
        }
        out.add(text);
        return true;
    }

    @Override
    public boolean ping(Duration limit) {
        out.add("ping");
        return true;
    }

    @Override
    public void close(int code, String reason) {
        out.add("close " + code + " " + reason);
    }

    @Override
    public void cut() {
        out.add("cut");
    }
}

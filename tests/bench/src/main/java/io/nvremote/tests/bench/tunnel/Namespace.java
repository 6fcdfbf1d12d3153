// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace: another machine on this one. Its name is unique; closing removes it with all its links. */
final class Namespace implements AutoCloseable {

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    static Namespace create(Run run) throws IOException, InterruptedException {
        String name = String.format(
                Locale.ROOT, "nvb%06x", ThreadLocalRandom.current().nextInt(0x1000000));
        command("ip", "netns", "add", name);
        Namespace namespace = run.own(new Namespace(name));
        namespace.inside("ip", "link", "set", "lo", "up");
        return namespace;
    }

    static String command(String... words) throws IOException, InterruptedException {
        return Child.output(List.of(words), "");
    }

    /** A name for a device, unique like this namespace's; at most 15 characters. */
    String device(String suffix) {
        return name + suffix;
    }

    /** A command line that runs inside. */
    List<String> wrap(List<String> words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(words);
        return all;
    }

    String inside(String... words) throws IOException, InterruptedException {
        return Child.output(wrap(List.of(words)), "");
    }

    /** A cable to this machine itself. */
    void joinHost(String here, String there) throws IOException, InterruptedException {
        String outer = device("h");
        command("ip", "link", "add", outer, "type", "veth", "peer", "name", device("i"), "netns", name);
        command("ip", "addr", "add", here + "/32", "peer", there + "/32", "dev", outer);
        command("ip", "link", "set", outer, "up");
        address(device("i"), there, here);
    }

    /** A cable to another namespace. */
    void join(Namespace other, String here, String there) throws IOException, InterruptedException {
        command(
                "ip",
                "link",
                "add",
                device("p"),
                "netns",
                name,
                "type",
                "veth",
                "peer",
                "name",
                other.device("p"),
                "netns",
                other.name);
        address(device("p"), here, there);
        other.address(other.device("p"), there, here);
    }

    private void address(String device, String own, String peer) throws IOException, InterruptedException {
        inside("ip", "addr", "add", own + "/32", "peer", peer + "/32", "dev", device);
        inside("ip", "link", "set", device, "up");
    }

    @Override
    public void close() throws IOException {
        try {
            command("ip", "netns", "del", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}

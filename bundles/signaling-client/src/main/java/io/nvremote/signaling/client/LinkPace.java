// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import java.time.Duration;

/**
 * How a link keeps time.
 *
 * @param backOffBase the first wait is at most this long, each further one at most twice the last
 * @param backOffCap no wait is longer
 * @param stable a link that was up this long begins again with the first wait
 * @param ping asked this often whether the peer is there
 * @param silence nothing at all for this long: the link is dead
 * @param connect the longest time to connect
 * @param send the longest time for one message to leave
 */
record LinkPace(
        Duration backOffBase,
        Duration backOffCap,
        Duration stable,
        Duration ping,
        Duration silence,
        Duration connect,
        Duration send) {

    static final LinkPace STANDARD = new LinkPace(
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
}

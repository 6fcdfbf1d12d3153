// SPDX-License-Identifier: Apache-2.0
/**
 * Streaming sessions and the tunnel addresses they hold.
 *
 * <p>A session's life: {@link io.nvremote.broker.Broker#request} takes an address pair and notes PENDING; the host's
 * {@link io.nvremote.broker.Broker#answer} brings its key; {@link io.nvremote.broker.Broker#activate} follows when the gateway knows
 * both; {@link io.nvremote.broker.Broker#terminate}, {@link io.nvremote.broker.Broker#fail} or a passed deadline ends it and gives the
 * pair back, in quarantine for 180 s. Only the database knows sessions; relay tickets are never stored.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.broker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

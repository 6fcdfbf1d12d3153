// SPDX-License-Identifier: Apache-2.0
/**
 * Counters and gauges of a process. Whoever counts registers a {@link io.nvremote.telemetry.MetricSource} as a service;
 * whoever shows figures asks all of them, when it is asked itself, and needs to know none.
 *
 * <pre>{@code
 * static final Metric FRAMES = Metric.of("acme_encoder_frames", "", "Frames encoded.");
 *
 * Counter frames = new Counter(FRAMES);                                  // once
 * context.registerService(MetricSource.class, frames, null);             // ends with the bundle
 * frames.increment();                                                    // on the hot path
 * }</pre>
 *
 * <p>Several counters and gauges are one source, which tells them one after the other. Names follow OpenMetrics 1.0: small
 * letters, the publisher first, the unit last; whoever shows a counter adds {@code _total} where its format wants it.
 *
 * <p>Figures are of the process and since its start. What belongs to one streaming session is not here: it comes and goes
 * with the session, and its track tells it.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

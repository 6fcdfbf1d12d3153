// SPDX-License-Identifier: Apache-2.0
/**
 * Contract tests for vendors. Extend {@link io.nvremote.tck.EncoderContract}, {@link io.nvremote.tck.DecoderContract},
 * {@link io.nvremote.tck.CaptureSourceContract}, {@link io.nvremote.tck.InputSinkContract} or
 * {@link io.nvremote.tck.TunnelContract} in a JUnit 5 test of your bundle, say
 * what is tested, and run it: what passes can be swapped into a running stream.
 *
 * <pre>{@code
 * class MyEncoderTest extends EncoderContract {
 *     protected Codec codec() { return Codec.AV1; }        // H.264 if it says nothing
 *     protected Encoder encoder() { return new MyEncoder(...); }
 *     protected Decoder decoder() { return ...; }   // any decoder of it, for example ours
 * }
 * }</pre>
 *
 * <p>A plugin claims the version of this package whose tests it passed. The second number rises when a contract gets stricter: what passed
 * before may fail then. {@code -Dnvremote.long=true} tries what is counted a thousand times instead of a few.
 */
@Export
@Version("0.2.0")
@NullMarked
package io.nvremote.tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/**
 * A picture that proves where it came from. Its frame number, the last key and the pointer's place are written into it as
 * black and white blocks that survive lossy coding, twice and with a checksum; a moving pattern derived from the number
 * lies between. {@link io.nvremote.testcard.TestcardPainter} draws it, {@link io.nvremote.testcard.TestcardReader} reads
 * it back from a decoded picture and refuses one that is damaged or put together from two.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.testcard;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/** What the host and a worker process say to each other, and the memory that carries pictures between them. */
@NullMarked
package io.nvremote.media.worker.wire;

import org.jspecify.annotations.NullMarked;

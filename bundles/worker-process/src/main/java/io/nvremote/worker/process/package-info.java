// SPDX-License-Identifier: Apache-2.0
/** What runs in a worker process: no framework, one socket to the host, bodies and their sessions. */
@NullMarked
package io.nvremote.worker.process;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Native code in processes of its own. A plugin asks {@link io.nvremote.worker.Workers} for a service whose code, a
 * {@link io.nvremote.worker.WorkerBody}, runs in a worker process.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.worker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

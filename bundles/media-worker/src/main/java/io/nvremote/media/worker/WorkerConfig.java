// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link MediaWorkers}. */
@ObjectClassDefinition(name = "Worker processes")
public @interface WorkerConfig {

    String PID = "io.nvremote.media.worker";

    @AttributeDefinition(
            name = "Folder",
            description =
                    "Where sockets and shared pictures lie while workers run; memory is best. Empty: /dev/shm where there is one, else the temporary folder.")
    String folder() default "";

    @AttributeDefinition(name = "Most heap", description = "Megabytes of Java heap of a worker, 32 to 16384.")
    int heap_max() default 256;

    @AttributeDefinition(
            name = "Most memory",
            description =
                    "Megabytes of a worker's own memory, heap and native together, 128 to 1048576. A worker that takes more is ended.")
    int memory_max() default 2048;

    @AttributeDefinition(
            name = "Most threads",
            description = "Threads of a worker, 50 to 10000. A worker that has more is ended.")
    int threads_max() default 200;

    @AttributeDefinition(
            name = "Call limit",
            description = "PT0.1S to PT60S. A worker that answers a call later than this hangs and is ended.")
    String call_limit() default "PT1S";

    @AttributeDefinition(
            name = "Start limit",
            description = "PT1S to PT120S. A worker that is not ready after this is ended.")
    String start_limit() default "PT30S";

    @AttributeDefinition(
            name = "Most deaths",
            description =
                    "1 to 100. A plugin whose workers die so often within crashes.window is left alone for the time of quarantine.")
    int crashes_max() default 3;

    @AttributeDefinition(name = "Window of deaths", description = "PT1S to PT24H.")
    String crashes_window() default "PT60S";

    @AttributeDefinition(name = "Quarantine", description = "PT1S to PT168H.")
    String quarantine() default "PT10M";
}

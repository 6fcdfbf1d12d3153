// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a plugin's worker process runs: makes the plugin's service there. Public, with a public constructor without parameters, in a
 * package that its bundle need not export. There is no framework around it; it sees its bundle and what that is wired to.
 *
 * @param <S> the service, for example an encoder
 */
@ConsumerType
public interface WorkerBody<S> {

    /**
     * Makes the service, once in a worker and before it is needed: a spare worker has done so while it waits. Loads libraries, but
     * takes no device that others would miss.
     *
     * @param settings as the plugin gave them to {@link Workers#start}
     * @throws io.nvremote.core.StreamException with the code that the plugin's {@code open} is then to throw
     */
    S make(Map<String, String> settings);
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.track;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a track tells of itself, by names like {@code bytes_sent}. For one call of {@link Track#report}. */
@ProviderType
public interface TrackReport {

    /** So many since the track was opened; never less than before. */
    void counter(String name, long value);

    /** How it is now; null: there is none. */
    void fact(String name, @Nullable String value);

    /** A number that goes up and down. */
    void gauge(String name, double value);

    /** One more of a list, such as of the last failures. */
    void entry(String list, Map<String, String> fields);
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import org.osgi.annotation.versioning.ProviderType;

/** How records look as JSON in every body: snake_case, without fields that are null. A service. Safe for any thread. */
@ProviderType
public interface JsonForm {

    /** A record's JSON in UTF-8. */
    byte[] bytes(Record body);
}

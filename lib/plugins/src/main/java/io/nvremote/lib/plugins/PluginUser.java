// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

/** Something that works with services that may be plugins'. */
public interface PluginUser {

    /** Whether the service is in use here, or soon will be. */
    boolean uses(long serviceId);
}

// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.OrgId;

/**
 * An organisation of who is signed in.
 *
 * @param admin whether they were an administrator when last asked; what they may is the control plane's to say
 */
public record Membership(OrgId org, String name, boolean admin) {}

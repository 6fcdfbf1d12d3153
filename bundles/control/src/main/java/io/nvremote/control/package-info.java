// SPDX-License-Identifier: Apache-2.0
/**
 * The role of the control plane: connects users to hosts over gateways, knows who is there, and keeps database, gateways and
 * hosts in agreement.
 */
@NullMarked
package io.nvremote.control;

import org.jspecify.annotations.NullMarked;

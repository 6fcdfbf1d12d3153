// SPDX-License-Identifier: Apache-2.0
/** {@code /hosts}, {@code /orgs/:org/hosts} and {@code /host-certificates}: hosts, and how a machine becomes and stays one. */
@NullMarked
package io.nvremote.rest.hosts;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** {@code /hosts} and {@code /orgs/:org/hosts}: hosts, and how a machine becomes one. */
@NullMarked
package io.nvremote.rest.hosts;

import org.jspecify.annotations.NullMarked;

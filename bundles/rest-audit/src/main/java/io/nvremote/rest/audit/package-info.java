// SPDX-License-Identifier: Apache-2.0
/** {@code /orgs/{org}/audit-logs}: what happened in an organisation. */
@NullMarked
package io.nvremote.rest.audit;

import org.jspecify.annotations.NullMarked;

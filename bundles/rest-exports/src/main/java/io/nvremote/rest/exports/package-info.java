// SPDX-License-Identifier: Apache-2.0
/** {@code /orgs/{org}/audit-logs/export}: the audit log to be kept and verified elsewhere. */
@NullMarked
package io.nvremote.rest.exports;

import org.jspecify.annotations.NullMarked;

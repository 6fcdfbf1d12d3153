// SPDX-License-Identifier: Apache-2.0
/** {@code /orgs}: organisations. */
@NullMarked
package io.nvremote.rest.orgs;

import org.jspecify.annotations.NullMarked;

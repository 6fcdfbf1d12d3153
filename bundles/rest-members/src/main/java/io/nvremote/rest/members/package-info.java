// SPDX-License-Identifier: Apache-2.0
/** {@code /orgs/{org}/members}, {@code /orgs/{org}/invitations} and {@code /invitations}: who belongs to an organisation. */
@NullMarked
package io.nvremote.rest.members;

import org.jspecify.annotations.NullMarked;

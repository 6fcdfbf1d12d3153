// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

/** Whom an operation is for. In the OpenAPI document this is {@code x-role}, in lower case. */
public enum CallerRole {
    /** Whoever reaches the port; what the operation itself asks for is in {@link Open#scheme}. */
    NONE,
    /** Whoever has signed in: what it shows and changes is the caller's own. */
    USER,
    /** Members of the organisation that it is about, in any role. */
    GUEST,
    /** Members with this role or more. */
    MEMBER,
    /** Admins of the organisation that it is about. */
    ADMIN,
    /** Whom the thing belongs to, and admins of its organisation. */
    OWNER
}

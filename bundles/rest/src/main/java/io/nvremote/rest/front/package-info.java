// SPDX-License-Identifier: Apache-2.0
/**
 * What stands before every HTTP resource: the application at {@code /api/v1}, the guard, the form of bodies and errors, rights,
 * and the OpenAPI document.
 */
@NullMarked
package io.nvremote.rest.front;

import org.jspecify.annotations.NullMarked;

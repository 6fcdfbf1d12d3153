// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP resources of the control plane under {@code /api/v1}: each method parses, asks whether the caller may, calls one
 * service and renders. Everything needs an access token except what is marked {@link io.nvremote.rest.Open}.
 */
@NullMarked
package io.nvremote.rest;

import org.jspecify.annotations.NullMarked;

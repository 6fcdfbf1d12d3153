// SPDX-License-Identifier: Apache-2.0
/** The control plane's HTTP interface under load, beside a Node server of the usual kind. */
@NullMarked
package io.nvremote.tests.bench.rest;

import org.jspecify.annotations.NullMarked;

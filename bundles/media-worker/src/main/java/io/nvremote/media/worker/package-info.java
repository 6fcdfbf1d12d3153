// SPDX-License-Identifier: Apache-2.0
/** Starts worker processes, keeps a spare of each, and speaks for the services that run in them. */
@NullMarked
package io.nvremote.media.worker;

import org.jspecify.annotations.NullMarked;

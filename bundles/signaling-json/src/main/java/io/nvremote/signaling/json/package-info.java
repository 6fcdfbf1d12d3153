// SPDX-License-Identifier: Apache-2.0
/** The JSON form of the signaling messages, on Jackson's tree model. */
@NullMarked
package io.nvremote.signaling.json;

import org.jspecify.annotations.NullMarked;

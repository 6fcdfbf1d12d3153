// SPDX-License-Identifier: Apache-2.0
/** The form of a log line: one event is one line, and nothing that comes from outside can look like another event or key. */
@NullMarked
package io.nvremote.log.form;

import org.jspecify.annotations.NullMarked;

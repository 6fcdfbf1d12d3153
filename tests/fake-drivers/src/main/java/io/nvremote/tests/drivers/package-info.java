// SPDX-License-Identifier: Apache-2.0
/** An NVIDIA driver without a GPU: {@link io.nvremote.tests.drivers.FakeDriver}. */
@NullMarked
package io.nvremote.tests.drivers;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The role of a host: it keeps a link to the control plane, answers offers, and for each session runs a tunnel and
 * the pipeline capture, encode, send. It owns every reference to capture sources, encoders and input sinks, and is the one place
 * that handles their coming and going under a running stream.
 */
@NullMarked
package io.nvremote.host;

import org.jspecify.annotations.NullMarked;

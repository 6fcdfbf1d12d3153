// SPDX-License-Identifier: Apache-2.0
/** The control port of a gateway over gRPC with mutual TLS 1.3: the gateway's end and the control plane's. */
@NullMarked
package io.nvremote.relay.grpc;

import org.jspecify.annotations.NullMarked;

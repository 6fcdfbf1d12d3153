// SPDX-License-Identifier: Apache-2.0
package io.nvremote.identity;

import io.nvremote.core.HostId;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/**
 * What a host shows to its control plane.
 *
 * @param tls TLS 1.3 with the host's certificate, trusting the control plane's authority alone
 * @param expires when the certificate is no longer believed
 */
public record Credentials(HostId host, SSLContext tls, Instant expires) {}

// SPDX-License-Identifier: Apache-2.0
/**
 * Who this host is to its control plane. A {@link io.nvremote.identity.HostIdentity} is a service that keeps the key for itself:
 *
 * <pre>{@code
 * Credentials mine = identity.obtain();      // waits for enrolment, if need be
 * dialer.dial(url, mine.tls(), listener);
 * identity.renewalRequest().ifPresent(csr -> link.send(new Signal.CertificateRequest(csr)));
 * Credentials next = identity.renewed(answer.certificate(), answer.ca());
 * }</pre>
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/**
 * Who there is: users, organisations, their members and hosts, how a host is enrolled, and the certificates that prove it.
 *
 * <p>{@link io.nvremote.directory.Directory} answers and changes; {@link io.nvremote.directory.Enrolment} turns a bootstrap
 * token and a certificate request into a host; {@link io.nvremote.directory.CertificateAuthority} signs. None of them decides
 * whether a caller may: the caller asks {@link io.nvremote.directory.Directory#role} first. Each change is audited in its own
 * transaction, with the {@link io.nvremote.core.Actor} handed in.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

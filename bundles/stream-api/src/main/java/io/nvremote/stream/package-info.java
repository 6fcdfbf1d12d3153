// SPDX-License-Identifier: Apache-2.0
/**
 * What host and client say to each other on the control channel of a stream: input, cursor, stream facts, liveness.
 *
 * <p>One {@link io.nvremote.stream.StreamMessage} is one message of a reliable ordered channel.
 * {@link io.nvremote.stream.StreamMessages} is its binary form: one byte of type, then the fields in the order of the
 * record, big endian, texts as two bytes of length and UTF-8. A type that is not known is skipped, so that either end
 * may be newer; a known type with missing, surplus or impossible content is malformed.
 *
 * <p>Life of a stream: the client sends {@link io.nvremote.stream.StreamMessage.Hello}, the host sends {@link io.nvremote.stream.StreamMessage.StreamInfo} when a client's first message
 * arrives and whenever one of its facts changes. Where there are several displays the host tells them
 * ({@link io.nvremote.stream.StreamMessage.Displays}) and the client may ask for one ({@link io.nvremote.stream.StreamMessage.ShowDisplay}). Either end sends {@link io.nvremote.stream.StreamMessage.Bye} before it
 * leaves.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.stream;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

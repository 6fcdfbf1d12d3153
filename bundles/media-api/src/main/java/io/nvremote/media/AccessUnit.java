// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import java.nio.ByteBuffer;

/**
 * One coded picture: for H.264 and HEVC an Annex B byte stream (start codes), for AV1 a temporal unit.
 *
 * @param data lent: valid until the call that hands it over returns; position to limit, read-only to the callee
 * @param keyFrame whether it can be decoded without any earlier picture (parameter sets included)
 * @param sequence the {@link Frame#sequence} of the picture it codes
 */
public record AccessUnit(Codec codec, ByteBuffer data, boolean keyFrame, long sequence, StageStamps stamps) {}

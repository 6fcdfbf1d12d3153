/**
 * The binary messages of the loopback socket: one access unit each.
 * byte 0 kind (1 = access unit), byte 1 flags (bit 0 = key frame), bytes 2-9 sequence (big endian), then Annex B.
 */
export interface Unit {
  key: boolean;
  sequence: number;
  data: Uint8Array;
}

export const HEADER_BYTES = 10;

/** Reads one message; null if it is not an access unit of this version. */
export function readUnit(message: ArrayBuffer): Unit | null {
  if (message.byteLength <= HEADER_BYTES) return null;
  const view = new DataView(message);
  if (view.getUint8(0) !== 1) return null;
  return {
    key: (view.getUint8(1) & 1) === 1,
    sequence: Number(view.getBigUint64(2)),
    data: new Uint8Array(message, HEADER_BYTES),
  };
}

/** RFC 6381 name of an H.264 stream from its sequence parameter set (NAL type 7); null if the unit holds none. */
export function h264CodecString(annexB: Uint8Array): string | null {
  for (let i = 0; i + 6 < annexB.length; i++) {
    if (annexB[i] === 0 && annexB[i + 1] === 0 && annexB[i + 2] === 1 && (annexB[i + 3]! & 0x1f) === 7) {
      const hex = (n: number) => n.toString(16).padStart(2, "0").toUpperCase();
      return `avc1.${hex(annexB[i + 4]!)}${hex(annexB[i + 5]!)}${hex(annexB[i + 6]!)}`;
    }
  }
  return null;
}

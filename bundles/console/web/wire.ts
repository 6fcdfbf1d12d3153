/**
 * The binary messages of the loopback socket: one access unit each.
 * byte 0 kind (1 = access unit), byte 1 flags (bit 0 = key frame), bytes 2-9 sequence (big endian), byte 10 length of the codec's
 * name, the name in ASCII, then the unit as its codec has it.
 */
export interface Unit {
  key: boolean;
  sequence: number;
  /** As the host names it: h264, av1. */
  codec: string;
  data: Uint8Array;
}

const HEADER_BYTES = 11;

/** Reads one message; null if it is not an access unit of this version. */
export function readUnit(message: ArrayBuffer): Unit | null {
  if (message.byteLength <= HEADER_BYTES) return null;
  const view = new DataView(message);
  if (view.getUint8(0) !== 1) return null;
  const begin = HEADER_BYTES + view.getUint8(10);
  if (begin >= message.byteLength) return null;
  return {
    key: (view.getUint8(1) & 1) === 1,
    sequence: Number(view.getBigUint64(2)),
    codec: String.fromCharCode(...new Uint8Array(message, HEADER_BYTES, begin - HEADER_BYTES)),
    data: new Uint8Array(message, begin),
  };
}

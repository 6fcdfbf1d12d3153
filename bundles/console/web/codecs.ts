/**
 * The codecs that this page can show, each by what it needs to know of it. Another codec is another entry: what a browser really
 * decodes is asked of it, and each unit says what it is.
 */
export interface CodecFormat {
  /** As host and client name it. */
  readonly name: string;
  /** RFC 6381 name of the stream that begins with this key unit; null if the unit does not say. */
  codecString(unit: Uint8Array): string | null;
  /** What to ask the browser for, the largest pictures first. */
  readonly probes: readonly { codec: string; width: number; height: number }[];
}

/** What the browser decodes of one codec; mirrors DecoderCapability. */
export interface Capability {
  codec: string;
  width: number;
  height: number;
  hardware: boolean;
}

/** The byte stream of ITU-T H.264 annex B. Beyond level 5.2 there is next to no decoder: larger pictures are not asked for. */
const h264: CodecFormat = {
  name: "h264",
  probes: [
    { codec: "avc1.640034", width: 4096, height: 4096 },
    { codec: "avc1.640034", width: 4096, height: 2304 },
    { codec: "avc1.640028", width: 1920, height: 1088 },
    { codec: "avc1.42E01F", width: 1280, height: 720 },
  ],
  /** From the sequence parameter set (NAL type 7): profile, constraints, level. */
  codecString(unit) {
    for (let i = 0; i + 6 < unit.length; i++) {
      if (unit[i] === 0 && unit[i + 1] === 0 && unit[i + 2] === 1 && (unit[i + 3]! & 0x1f) === 7) {
        const hex = (n: number) => n.toString(16).padStart(2, "0").toUpperCase();
        return `avc1.${hex(unit[i + 4]!)}${hex(unit[i + 5]!)}${hex(unit[i + 6]!)}`;
      }
    }
    return null;
  },
};

/** Bits of an AV1 unit, most significant first; zeros behind its end. */
class Bits {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      value = value * 2 + (((this.bytes[this.at >> 3] ?? 0) >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** AV1 section 4.10.3. */
  skipVariable(): void {
    let zeros = 0;
    while (zeros < 32 && !this.flag()) zeros++;
    this.skip(zeros);
  }
}

/** What of an AV1 sequence header (section 5.5.1) the stream is named by. */
function av1Parameters(bits: Bits): { profile: number; level: number; tier: number; highDepth: boolean } {
  const profile = bits.read(3);
  bits.skip(1);
  const still = bits.flag();
  let level = 0;
  let tier = 0;
  if (still) {
    level = bits.read(5);
  } else {
    let delayBits = 0;
    if (bits.flag()) {
      bits.skip(64);
      if (bits.flag()) bits.skipVariable();
      if (bits.flag()) {
        delayBits = bits.read(5) + 1;
        bits.skip(42);
      }
    }
    const displayDelays = bits.flag();
    const points = bits.read(5) + 1;
    for (let i = 0; i < points; i++) {
      bits.skip(12);
      const pointLevel = bits.read(5);
      const pointTier = pointLevel > 7 ? bits.read(1) : 0;
      if (i === 0) [level, tier] = [pointLevel, pointTier];
      if (delayBits > 0 && bits.flag()) bits.skip(2 * delayBits + 1);
      if (displayDelays && bits.flag()) bits.skip(4);
    }
  }
  const widthBits = bits.read(4) + 1;
  bits.skip(bits.read(4) + 1 + widthBits);
  if (!still && bits.flag()) bits.skip(7); // frame numbers
  bits.skip(3);
  if (!still) {
    bits.skip(4);
    const orderHints = bits.flag();
    if (orderHints) bits.skip(2);
    const screenTools = bits.flag() ? 2 : bits.read(1);
    if (screenTools > 0 && !bits.flag()) bits.skip(1);
    if (orderHints) bits.skip(3);
  }
  bits.skip(3);
  return { profile, level, tier, highDepth: bits.flag() };
}

/** A temporal unit in the low-overhead format. What its name does not say has the usual value. */
const av1: CodecFormat = {
  name: "av1",
  probes: [
    { codec: "av01.0.16M.08", width: 8192, height: 4352 },
    { codec: "av01.0.13M.08", width: 4096, height: 2176 },
    { codec: "av01.0.09M.08", width: 1920, height: 1088 },
    { codec: "av01.0.05M.08", width: 1280, height: 720 },
  ],
  /** From the sequence header (OBU type 1): profile, level, tier, depth. */
  codecString(unit) {
    for (let at = 0; at < unit.length; ) {
      const header = unit[at]!;
      let begin = at + ((header & 4) === 0 ? 1 : 2);
      let size = 0;
      let more = 0x80;
      for (let shift = 0; (more & 0x80) !== 0; shift += 7) {
        if (begin >= unit.length || shift > 28) return null;
        more = unit[begin++]!;
        size += (more & 0x7f) * 2 ** shift;
      }
      if (((header >> 3) & 15) === 1) {
        const { profile, level, tier, highDepth } = av1Parameters(new Bits(unit.subarray(begin, begin + size)));
        if (highDepth && profile === 2) return null; // ten bits or twelve: no host makes them
        return `av01.${profile}.${String(level).padStart(2, "0")}${tier === 0 ? "M" : "H"}.${highDepth ? "10" : "08"}`;
      }
      at = begin + size;
    }
    return null;
  },
};

/** What costs the least to decode first. */
export const CODECS: readonly CodecFormat[] = [h264, av1];

/** The format of that name; undefined if this page has none. */
export function formatOf(name: string, formats = CODECS): CodecFormat | undefined {
  return formats.find((format) => format.name === name);
}

type Asked = Pick<VideoDecoderConfig, "codec" | "codedWidth" | "codedHeight" | "hardwareAcceleration">;

/** Asks the browser what it decodes: of each codec the largest pictures, and whether a device does the work. */
export async function capabilities(
  supported: (config: Asked) => Promise<boolean>,
  formats = CODECS,
): Promise<Capability[]> {
  const found: Capability[] = [];
  for (const format of formats) {
    for (const probe of format.probes) {
      const asked = { codec: probe.codec, codedWidth: probe.width, codedHeight: probe.height };
      if (await supported({ ...asked, hardwareAcceleration: "no-preference" })) {
        const hardware = await supported({ ...asked, hardwareAcceleration: "prefer-hardware" });
        found.push({ codec: format.name, width: probe.width, height: probe.height, hardware });
        break;
      }
    }
  }
  return found;
}

/** What this browser says of a configuration; one that it doesn't understand it does not support. */
export async function browserSupports(config: Asked): Promise<boolean> {
  if (typeof VideoDecoder === "undefined") return false;
  try {
    return (await VideoDecoder.isConfigSupported({ ...config, optimizeForLatency: true })).supported === true;
  } catch {
    return false;
  }
}

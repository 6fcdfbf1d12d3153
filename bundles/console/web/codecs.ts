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

export const CODECS: readonly CodecFormat[] = [h264];

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

/**
 * KeyboardEvent.code (UI Events KeyboardEvent code values) to USB HID usage ids of page 7 (HID Usage Tables 1.5,
 * section 10). Codes are physical places, so the host's own layout decides what a key means.
 */
const USAGE: Record<string, number> = {
  Enter: 0x28, Escape: 0x29, Backspace: 0x2a, Tab: 0x2b, Space: 0x2c, Minus: 0x2d, Equal: 0x2e, BracketLeft: 0x2f,
  BracketRight: 0x30, Backslash: 0x31, Semicolon: 0x33, Quote: 0x34, Backquote: 0x35, Comma: 0x36, Period: 0x37,
  Slash: 0x38, CapsLock: 0x39, PrintScreen: 0x46, ScrollLock: 0x47, Pause: 0x48, Insert: 0x49, Home: 0x4a,
  PageUp: 0x4b, Delete: 0x4c, End: 0x4d, PageDown: 0x4e, ArrowRight: 0x4f, ArrowLeft: 0x50, ArrowDown: 0x51,
  ArrowUp: 0x52, NumLock: 0x53, NumpadDivide: 0x54, NumpadMultiply: 0x55, NumpadSubtract: 0x56, NumpadAdd: 0x57,
  NumpadEnter: 0x58, Numpad0: 0x62, NumpadDecimal: 0x63, IntlBackslash: 0x64, ContextMenu: 0x65, Power: 0x66,
  NumpadEqual: 0x67, NumpadComma: 0x85, IntlRo: 0x87, KanaMode: 0x88, IntlYen: 0x89, Convert: 0x8a, NonConvert: 0x8b,
  Lang1: 0x90, Lang2: 0x91, AudioVolumeMute: 0x7f, AudioVolumeUp: 0x80, AudioVolumeDown: 0x81, ControlLeft: 0xe0,
  ShiftLeft: 0xe1, AltLeft: 0xe2, MetaLeft: 0xe3, ControlRight: 0xe4, ShiftRight: 0xe5, AltRight: 0xe6,
  MetaRight: 0xe7,
};

/** The usage of a code, or null for a key that hosts do not know. */
export function hidUsage(code: string): number | null {
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return 0x04 + letter[1]!.charCodeAt(0) - 65;
  const digit = /^Digit([0-9])$/.exec(code);
  if (digit) return digit[1] === "0" ? 0x27 : 0x1e + Number(digit[1]) - 1;
  const pad = /^Numpad([1-9])$/.exec(code);
  if (pad) return 0x59 + Number(pad[1]) - 1;
  const fn = /^F([1-9]|1[0-9]|2[0-4])$/.exec(code);
  if (fn) {
    const n = Number(fn[1]);
    return n <= 12 ? 0x3a + n - 1 : 0x68 + n - 13;
  }
  return USAGE[code] ?? null;
}

/** DOM button number to the host's: 1 left, 2 middle, 3 right, 8 back, 9 forward; null for others. */
export function pointerButton(button: number): number | null {
  return [1, 2, 3, 8, 9][button] ?? null;
}

export type Chord = "disconnect" | "fullscreen" | "figures" | "release" | "pointer" | null;

/** The page's own chords: Ctrl+Alt+Shift and a letter. Everything else belongs to the host. */
export function chord(e: { ctrlKey: boolean; altKey: boolean; shiftKey: boolean; code: string }): Chord {
  if (!e.ctrlKey || !e.altKey || !e.shiftKey) return null;
  switch (e.code) {
    case "KeyQ":
      return "disconnect";
    case "KeyX":
      return "fullscreen";
    case "KeyS":
      return "figures";
    case "KeyZ":
      return "release";
    case "KeyM":
      return "pointer";
    default:
      return null;
  }
}

/**
 * The pixel of the picture under a place on the page: 0 is the first column or row, 65535 the last. Beyond the picture it
 * is the nearest edge.
 */
export function pointerPlace(
  x: number,
  y: number,
  box: { left: number; top: number; width: number; height: number },
  picture: { width: number; height: number },
): [number, number] {
  const part = (value: number, start: number, length: number, pixels: number) => {
    if (length <= 0 || pixels <= 1) return 0;
    const pixel = Math.floor(((value - start) * pixels) / length + 1e-6);
    return Math.round((Math.min(pixels - 1, Math.max(0, pixel)) * 65535) / (pixels - 1));
  };
  return [part(x, box.left, box.width, picture.width), part(y, box.top, box.height, picture.height)];
}

/** The box that a picture of this shape takes inside an element when it is fitted and centred. */
export function fitted(
  element: { left: number; top: number; width: number; height: number },
  picture: { width: number; height: number },
): { left: number; top: number; width: number; height: number } {
  if (picture.width <= 0 || picture.height <= 0) return element;
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return {
    left: element.left + (element.width - width) / 2,
    top: element.top + (element.height - height) / 2,
    width,
    height,
  };
}

/** Wheel deltas of the DOM in 1/120 of a notch: pixels at 100 a notch, lines at 3, pages at 1. */
export function wheel120(delta: number, mode: number): number {
  const notch = mode === 1 ? 3 : mode === 2 ? 1 : 100;
  return Math.round((delta / notch) * 120);
}

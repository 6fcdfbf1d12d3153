/**
 * From a browser's key events to the host's. Browsers differ in what they leave out and make up: macOS says no keyup of a
 * key that was pressed with Command, Windows makes up a Control for AltGr and has only a keyup for Print Screen, Korean
 * and Japanese mode keys have no keyup at all. Knows no DOM; time is handed in.
 */
import { hidUsage } from "./keymap.ts";

/**
 * Compact wire form: k usage down (down while down: a repeat) · l usage on (state of a lock key) · t text ·
 * p x y · m dx dy · b button down · w horizontal vertical · r (release all).
 */
export type WireEvent =
  | ["k", number, 0 | 1]
  | ["l", number, 0 | 1]
  | ["t", string]
  | ["p", number, number]
  | ["m", number, number]
  | ["b", number, 0 | 1]
  | ["w", number, number]
  | ["r"];

export interface KeyInput {
  code: string;
  key: string;
  repeat: boolean;
  timeStamp: number;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** So long a Control waits for the AltGr that it may belong to. */
export const ALT_GR_WITHIN_MS = 100;

const CAPS_LOCK = 0x39;
const NUM_LOCK = 0x53;
const CONTROL = 0xe0;
const FIRST_MODIFIER = 0xe0;
const MOST_TEXT = 128;

/** Keys that have no keyup, by what they mean: modes of Korean and Japanese keyboards. */
const MODE_KEYS = new Set([
  "HangulMode", "HanjaMode", "JunjaMode", "KanaMode", "KanjiMode", "Zenkaku", "Hankaku", "ZenkakuHankaku", "Katakana",
  "Hiragana", "HiraganaKatakana", "Romaji", "Alphanumeric", "Eisu",
]);
/** On-screen keyboards name these keys but not their place. */
const PLACES: Record<string, string> = { " ": "Space", Spacebar: "Space", Del: "Delete", Esc: "Escape" };
const NAVIGATION = /^(End|Home|PageUp|PageDown|Insert|Delete|Clear|Arrow(Up|Down|Left|Right))$/;

export class Keys {
  private readonly held = new Map<string, number>();
  private control: number | null = null;

  /** @param mac whether the browser runs on macOS */
  constructor(private readonly mac: boolean) {}

  get holding(): boolean {
    return this.held.size > 0;
  }

  /** Whether a Control waits for what follows; `settle` sends it. */
  get waiting(): boolean {
    return this.control !== null;
  }

  down(e: KeyInput): WireEvent[] {
    const usage = hidUsage(e.code) ?? hidUsage(PLACES[e.key] ?? e.key);
    const out: WireEvent[] = [];
    if (this.control !== null && !(e.code === "ControlLeft" && e.repeat)) {
      const made = e.code === "AltRight" && e.key === "AltGraph" && e.timeStamp - this.control <= ALT_GR_WITHIN_MS;
      if (made) this.control = null;
      else out.push(...this.settle());
    }
    if (usage === null) {
      const one = [...e.key].length === 1 && e.key !== "\0" && !e.ctrlKey && !e.altKey && !e.metaKey;
      return one ? [...out, ["t", e.key]] : out;
    }
    const modifier = usage >= FIRST_MODIFIER;
    if (e.repeat) {
      if (this.held.has(e.code) && !modifier) out.push(["k", usage, 1]);
      else if (this.commands(e, modifier)) out.push(["k", usage, 1], ["k", usage, 0]);
      return out;
    }
    if (e.code === "ControlLeft" && !this.mac && !this.held.has(e.code)) {
      this.control = e.timeStamp;
      return out;
    }
    out.push(...this.locks(e));
    out.push(["k", usage, 1]);
    if (this.noKeyUp(e, modifier)) out.push(["k", usage, 0]);
    else this.held.set(e.code, usage);
    return out;
  }

  up(e: KeyInput): WireEvent[] {
    const usage = hidUsage(e.code);
    if (usage === null) return [];
    if (e.code === "ControlLeft" && this.control !== null) {
      return [...this.settle(), ...this.up(e)];
    }
    const out: WireEvent[] = [];
    if (e.code === "MetaLeft" || e.code === "MetaRight") out.push(...this.releaseKeys());
    if (this.held.delete(e.code)) out.push(["k", usage, 0]);
    else if (e.code === "PrintScreen" || (this.mac && e.code === "CapsLock")) out.push(["k", usage, 1], ["k", usage, 0]);
    return out;
  }

  /** Sends a Control that no AltGr followed. */
  settle(): WireEvent[] {
    if (this.control === null) return [];
    this.control = null;
    this.held.set("ControlLeft", CONTROL);
    return [["k", CONTROL, 1]];
  }

  /** Forgets what is down; the host is told by one event. */
  release(): WireEvent[] {
    this.control = null;
    this.held.clear();
    return [["r"]];
  }

  /** What was pressed while Command or Super was down may never be said to go up. */
  private releaseKeys(): WireEvent[] {
    const out: WireEvent[] = [];
    for (const [code, usage] of this.held) {
      if (usage < FIRST_MODIFIER) {
        this.held.delete(code);
        out.push(["k", usage, 0]);
      }
    }
    return out;
  }

  private commands(e: KeyInput, modifier: boolean): boolean {
    return this.mac && e.metaKey && !modifier;
  }

  private noKeyUp(e: KeyInput, modifier: boolean): boolean {
    return (
      MODE_KEYS.has(e.key) ||
      /^Lang[1-5]$/.test(e.code) ||
      e.code === "" ||
      (this.mac && e.code === "CapsLock") ||
      this.commands(e, modifier)
    );
  }

  /** The lock keys' state as this very key shows it: the only thing that is right on every platform. */
  private locks(e: KeyInput): WireEvent[] {
    if (e.ctrlKey || e.altKey || e.metaKey) return [];
    if (/^Numpad([0-9]|Decimal)$/.test(e.code)) {
      if (this.mac || /^[0-9.,]$/.test(e.key)) return [["l", NUM_LOCK, 1]];
      return NAVIGATION.test(e.key) && !e.shiftKey ? [["l", NUM_LOCK, 0]] : [];
    }
    const lower = e.key.toLowerCase();
    const upper = e.key.toUpperCase();
    const cased = [...e.key].length === 1 && lower !== upper && upper.length === e.key.length;
    if (!cased || (this.mac && e.shiftKey)) return []; // on macOS Shift and Caps Lock make a capital as each alone does
    return [["l", CAPS_LOCK, (e.key === upper) !== e.shiftKey ? 1 : 0]];
  }
}

/** Text in pieces that fit one event each; no character is cut in two. */
export function typed(text: string): WireEvent[] {
  const out: WireEvent[] = [];
  let piece = "";
  for (const character of text) {
    if (piece.length + character.length > MOST_TEXT) {
      out.push(["t", piece]);
      piece = "";
    }
    piece += character;
  }
  if (piece !== "") out.push(["t", piece]);
  return out;
}

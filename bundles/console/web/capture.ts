/** Turns what a person does on the picture into input events for the host. Holds listeners until `close`. */
import { chord, fitted, pointerButton, pointerPlace, wheel120, type Chord } from "./keymap.ts";
import { ALT_GR_WITHIN_MS, Keys, typed, type WireEvent } from "./keys.ts";
import { Touches } from "./touch.ts";

export interface CaptureHooks {
  input(events: WireEvent[]): void;
  /** Something is held down and the page lives: said again and again, or the host lets go of it. */
  held(): void;
  chord(chord: Exclude<Chord, null>): void;
  picture(): { width: number; height: number };
}

const HELD_EVERY_MS = 100;

export class Capture {
  private readonly abort = new AbortController();
  private readonly keys = new Keys(/mac/i.test(navigator.platform));
  private readonly touches = new Touches();
  private readonly buttons = new Set<number>();
  private move: WireEvent | null = null;
  private rest = { x: 0, y: 0 };
  private frame = 0;
  private wait = 0;
  private readonly beat: number;
  /** While false everything is still kept from the browser, and nothing is sent. */
  private enabled = true;

  /** @param writing where on-screen keyboards and input methods put their text, inside of the stage */
  constructor(
    private readonly stage: HTMLElement,
    private readonly writing: HTMLTextAreaElement,
    private readonly hooks: CaptureHooks,
  ) {
    const options = { signal: this.abort.signal };
    stage.addEventListener("keydown", (e) => this.key(e, true), options);
    stage.addEventListener("keyup", (e) => this.key(e, false), options);
    stage.addEventListener("pointermove", (e) => this.moved(e), options);
    stage.addEventListener("pointerleave", (e) => this.moved(e), options);
    stage.addEventListener("pointerdown", (e) => this.button(e, 1), options);
    stage.addEventListener("pointerup", (e) => this.button(e, 0), options);
    stage.addEventListener("pointercancel", () => this.release(), options);
    stage.addEventListener("wheel", (e) => this.wheel(e), { ...options, passive: false });
    stage.addEventListener("contextmenu", (e) => e.preventDefault(), options);
    stage.addEventListener("focusout", (e) => !stage.contains(e.relatedTarget as Node | null) && this.release(), options);
    window.addEventListener("blur", () => this.release(), options);
    document.addEventListener("visibilitychange", () => document.hidden && this.release(), options);
    writing.addEventListener("beforeinput", (e) => this.beforeInput(e), options);
    writing.addEventListener("compositionend", () => this.written(), options);
    this.beat = window.setInterval(() => {
      if (this.keys.holding || this.buttons.size > 0 || this.touches.holding) this.hooks.held();
    }, HELD_EVERY_MS);
  }

  /** While the host can't hear us nothing is sent, and nothing is kept for later. */
  enable(on: boolean): void {
    if (on === this.enabled) return;
    if (!on) this.release();
    this.enabled = on;
  }

  /** Lets go of everything that is held down on the host. */
  release(): void {
    this.flush();
    this.buttons.clear();
    this.touches.release();
    this.send(this.keys.release());
  }

  close(): void {
    this.release();
    this.abort.abort();
    cancelAnimationFrame(this.frame);
    clearInterval(this.beat);
    clearTimeout(this.wait);
  }

  private send(events: WireEvent[]): void {
    if (events.length > 0 && this.enabled) this.hooks.input(events);
  }

  private key(e: KeyboardEvent, down: boolean): void {
    const own = chord(e);
    if (own !== null) {
      e.preventDefault();
      if (down && !e.repeat) {
        this.release();
        this.hooks.chord(own);
      }
      return;
    }
    // What an input method works on comes as text; "Unidentified" is a key of an on-screen keyboard that types text.
    if (e.isComposing || e.key === "Process" || (e.key === "Unidentified" && e.code === "")) return;
    const events = down ? this.keys.down(e) : this.keys.up(e);
    e.preventDefault();
    clearTimeout(this.wait);
    if (this.keys.waiting) this.wait = window.setTimeout(() => this.settle(), ALT_GR_WITHIN_MS);
    if (events.length > 0) this.flush();
    this.send(events);
  }

  /** A Control that waits belongs to what is done with the mouse now. */
  private settle(): void {
    this.send(this.keys.settle());
  }

  private beforeInput(e: InputEvent): void {
    if (e.isComposing) return;
    e.preventDefault();
    switch (e.inputType) {
      case "insertLineBreak":
      case "insertParagraph":
        this.send(typed("\n"));
        break;
      case "deleteContentBackward":
        this.send(typed("\b"));
        break;
      default:
        this.send(typed(e.data ?? ""));
    }
  }

  /** An input method is done: what it wrote is sent, and a character stays that Backspace can be pressed on. */
  private written(): void {
    this.send(typed(this.writing.value.replaceAll("\u200b", "")));
    this.writing.value = "\u200b";
  }

  private box() {
    return fitted(this.stage.getBoundingClientRect(), this.hooks.picture());
  }

  private moved(e: PointerEvent): void {
    if (e.pointerType === "touch") {
      this.send(this.touches.move(e.pointerId, e.clientX, e.clientY, this.hooks.picture().width / this.box().width));
      return;
    }
    if (document.pointerLockElement === this.stage) {
      const scale = this.hooks.picture().width / Math.max(1, this.box().width);
      const last = this.move;
      const dx = (last?.[0] === "m" ? last[1] : 0) + this.rest.x + e.movementX * scale;
      const dy = (last?.[0] === "m" ? last[2] : 0) + this.rest.y + e.movementY * scale;
      this.move = ["m", Math.trunc(dx), Math.trunc(dy)];
      this.rest = { x: dx - Math.trunc(dx), y: dy - Math.trunc(dy) };
    } else {
      this.move = ["p", ...pointerPlace(e.clientX, e.clientY, this.box(), this.hooks.picture())];
    }
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.flush());
  }

  private button(e: PointerEvent, down: 0 | 1): void {
    if (e.pointerType === "touch") {
      e.preventDefault();
      const now = performance.now();
      if (down === 1 && !this.stage.contains(document.activeElement)) this.stage.focus({ preventScroll: true });
      this.send(
        down === 1 ? this.touches.down(e.pointerId, e.clientX, e.clientY, now) : this.touches.up(e.pointerId, now),
      );
      return;
    }
    const number = pointerButton(e.button);
    if (number === null) return;
    e.preventDefault();
    if (down === 1) {
      this.stage.focus({ preventScroll: true });
      if (document.pointerLockElement === null) this.stage.setPointerCapture(e.pointerId);
      this.buttons.add(number);
    } else if (!this.buttons.delete(number)) {
      return; // let go of already
    }
    this.settle();
    this.moved(e);
    this.flush();
    this.send([["b", number, down]]);
  }

  private wheel(e: WheelEvent): void {
    e.preventDefault();
    this.settle();
    this.send([["w", wheel120(e.deltaX, e.deltaMode), wheel120(e.deltaY, e.deltaMode)]]);
  }

  private flush(): void {
    if (this.frame !== 0) cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.move !== null) this.send([this.move]);
    this.move = null;
  }
}

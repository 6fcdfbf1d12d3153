/** Turns what a person does on the picture into input events for the host. Holds listeners until `close`. */
import { chord, fitted, hidUsage, pointerButton, pointerPlace, wheel120, type Chord } from "./keymap.ts";

/** Compact wire form: k usage down · p x y · m dx dy · b button down · w horizontal vertical · r (release all). */
export type WireEvent =
  | ["k", number, 0 | 1]
  | ["p", number, number]
  | ["m", number, number]
  | ["b", number, 0 | 1]
  | ["w", number, number]
  | ["r"];

export interface CaptureHooks {
  input(events: WireEvent[]): void;
  chord(chord: Exclude<Chord, null>): void;
  picture(): { width: number; height: number };
}

export class Capture {
  private readonly abort = new AbortController();
  private move: WireEvent | null = null;
  private frame = 0;

  constructor(
    private readonly stage: HTMLElement,
    private readonly hooks: CaptureHooks,
  ) {
    const options = { signal: this.abort.signal };
    stage.addEventListener("keydown", (e) => this.key(e, 1), options);
    stage.addEventListener("keyup", (e) => this.key(e, 0), options);
    stage.addEventListener("pointermove", (e) => this.moved(e), options);
    stage.addEventListener("pointerdown", (e) => this.button(e, 1), options);
    stage.addEventListener("pointerup", (e) => this.button(e, 0), options);
    stage.addEventListener("wheel", (e) => this.wheel(e), { ...options, passive: false });
    stage.addEventListener("contextmenu", (e) => e.preventDefault(), options);
    stage.addEventListener("blur", () => this.release(), options);
    window.addEventListener("blur", () => this.release(), options);
    document.addEventListener("visibilitychange", () => document.hidden && this.release(), options);
  }

  /** Lets go of everything that is held down on the host. */
  release(): void {
    this.flush();
    this.hooks.input([["r"]]);
  }

  close(): void {
    this.release();
    this.abort.abort();
    cancelAnimationFrame(this.frame);
  }

  private key(e: KeyboardEvent, down: 0 | 1): void {
    const own = chord(e);
    if (own !== null) {
      e.preventDefault();
      if (down === 1 && !e.repeat) {
        this.release();
        this.hooks.chord(own);
      }
      return;
    }
    const usage = hidUsage(e.code);
    if (usage === null) return;
    e.preventDefault();
    if (e.repeat) return; // the host repeats keys itself
    this.flush();
    this.hooks.input([["k", usage, down]]);
  }

  private moved(e: PointerEvent): void {
    if (document.pointerLockElement === this.stage) {
      const last = this.move;
      const dx = (last?.[0] === "m" ? last[1] : 0) + e.movementX;
      const dy = (last?.[0] === "m" ? last[2] : 0) + e.movementY;
      this.move = ["m", Math.round(dx), Math.round(dy)];
    } else {
      const box = fitted(this.stage.getBoundingClientRect(), this.hooks.picture());
      this.move = ["p", ...pointerPlace(e.clientX, e.clientY, box)];
    }
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.flush());
  }

  private button(e: PointerEvent, down: 0 | 1): void {
    const number = pointerButton(e.button);
    if (number === null) return;
    e.preventDefault();
    if (down === 1) {
      this.stage.focus({ preventScroll: true });
      if (document.pointerLockElement === null) this.stage.setPointerCapture(e.pointerId);
    }
    this.moved(e);
    this.flush();
    this.hooks.input([["b", number, down]]);
  }

  private wheel(e: WheelEvent): void {
    e.preventDefault();
    this.hooks.input([["w", wheel120(e.deltaX, e.deltaMode), wheel120(e.deltaY, e.deltaMode)]]);
  }

  private flush(): void {
    if (this.frame !== 0) cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.move !== null) this.hooks.input([this.move]);
    this.move = null;
  }
}

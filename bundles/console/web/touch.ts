/**
 * A touch screen as a trackpad: one finger moves the pointer, a tap clicks, two fingers scroll, a tap of two is the right
 * button, a tap that is held and moved drags. Knows no DOM; time is handed in.
 */
import type { WireEvent } from "./keys.ts";

const TAP_MS = 250;
const TAP_PX = 10;
/** A finger is coarser than a mouse. */
const SPEED = 1.6;
const WHEEL_PER_PX = 2.4;

interface Finger {
  x: number;
  y: number;
}

export class Touches {
  private readonly fingers = new Map<number, Finger>();
  private began = 0;
  private moved = 0;
  private most = 0;
  private tappedAt = Number.NEGATIVE_INFINITY;
  private dragging = false;
  private restX = 0;
  private restY = 0;

  get holding(): boolean {
    return this.dragging;
  }

  down(id: number, x: number, y: number, now: number): WireEvent[] {
    if (this.fingers.size === 0) {
      this.began = now;
      this.moved = 0;
      this.most = 0;
    }
    this.fingers.set(id, { x, y });
    this.most = Math.max(this.most, this.fingers.size);
    if (this.fingers.size === 1 && now - this.tappedAt < TAP_MS) {
      this.dragging = true;
      return [["b", 1, 1]];
    }
    return [];
  }

  /** @param scale pixels of the picture in one of the page */
  move(id: number, x: number, y: number, scale: number): WireEvent[] {
    const finger = this.fingers.get(id);
    if (finger === undefined) return [];
    const dx = x - finger.x;
    const dy = y - finger.y;
    finger.x = x;
    finger.y = y;
    this.moved += Math.hypot(dx, dy);
    const two = this.fingers.size > 1;
    const factor = two ? WHEEL_PER_PX / this.fingers.size : SPEED * scale;
    this.restX += dx * factor;
    this.restY += dy * factor;
    const wholeX = Math.trunc(this.restX);
    const wholeY = Math.trunc(this.restY);
    if (wholeX === 0 && wholeY === 0) return [];
    this.restX -= wholeX;
    this.restY -= wholeY;
    if (!two) return [["m", wholeX, wholeY]];
    return this.moved > TAP_PX ? [["w", -wholeX, -wholeY]] : [];
  }

  up(id: number, now: number): WireEvent[] {
    if (!this.fingers.delete(id) || this.fingers.size > 0) return [];
    const tap = now - this.began < TAP_MS && this.moved < TAP_PX;
    if (this.dragging) {
      this.dragging = false;
      this.tappedAt = tap ? now : Number.NEGATIVE_INFINITY;
      return [["b", 1, 0]];
    }
    if (!tap) return [];
    const button = this.most === 1 ? 1 : this.most === 2 ? 3 : 2;
    this.tappedAt = button === 1 ? now : Number.NEGATIVE_INFINITY;
    return [["b", button, 1], ["b", button, 0]];
  }

  /** Forgets everything; the host is told by the caller. */
  release(): void {
    this.fingers.clear();
    this.dragging = false;
  }
}

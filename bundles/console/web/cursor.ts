/** The host's pointer shape as the page's own cursor: it moves with the hand, not with the picture. */
import type { CursorMessage, CursorMoved, CursorShape } from "./model.ts";

/** Chromium shows no larger cursors. */
const MOST_PIXELS = 128;

const MOST_SHAPES = 64;

/** What is known of the host's pointer. One at rest is told once, which may be before anything is there to show it. */
export class HostPointer {
  private readonly shapes = new Map<number, CursorShape>();
  private last: CursorMoved | null = null;

  take(message: CursorMessage): void {
    switch (message.type) {
      case "cursor_shape":
        this.shapes.delete(message.serial);
        this.shapes.set(message.serial, message);
        if (this.shapes.size > MOST_SHAPES) this.shapes.delete(this.shapes.keys().next().value!);
        break;
      case "cursor_moved":
        this.last = message;
        break;
      case "cursor_gone":
        this.clear();
        break;
    }
  }

  clear(): void {
    this.shapes.clear();
    this.last = null;
  }

  /** Where it is, and its shape; null while either is not known. */
  get shown(): { at: CursorMoved; shape: CursorShape } | null {
    const shape = this.last === null ? undefined : this.shapes.get(this.last.shape);
    return this.last === null || shape === undefined ? null : { at: this.last, shape };
  }
}

/** Straight RGBA of a shape, whose colours are premultiplied ARGB. */
export function straight(argb: string): Uint8ClampedArray<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(argb), (c) => c.charCodeAt(0));
  const out = new Uint8ClampedArray(bytes.length);
  for (let i = 0; i < bytes.length; i += 4) {
    const alpha = bytes[i]!;
    for (let c = 0; c < 3; c++) out[i + c] = alpha === 0 ? 0 : Math.round((bytes[i + 1 + c]! * 255) / alpha);
    out[i + 3] = alpha;
  }
  return out;
}

/** How large a cursor is shown: with the picture, but never too small to see nor larger than browsers allow. */
export function shownScale(shape: { width: number; height: number }, scale: number): number {
  const wanted = Math.min(2, Math.max(0.5, scale));
  return Math.min(wanted, MOST_PIXELS / Math.max(shape.width, shape.height, 1));
}

export function draw(canvas: HTMLCanvasElement, shape: CursorShape): void {
  canvas.width = shape.width;
  canvas.height = shape.height;
  canvas.getContext("2d")?.putImageData(new ImageData(straight(shape.argb), shape.width, shape.height), 0, 0);
}

/**
 * CSS for the shape.
 *
 * @param scale size on the page of one pixel of the picture
 */
export function cssCursor(shape: CursorShape, scale: number): string {
  const full = document.createElement("canvas");
  draw(full, shape);
  const factor = shownScale(shape, scale);
  const density = window.devicePixelRatio || 1;
  const shown = document.createElement("canvas");
  shown.width = Math.max(1, Math.round(shape.width * factor * density));
  shown.height = Math.max(1, Math.round(shape.height * factor * density));
  shown.getContext("2d")?.drawImage(full, 0, 0, shown.width, shown.height);
  const x = Math.min(Math.round(shape.hot_x * factor), Math.round(shape.width * factor) - 1);
  const y = Math.min(Math.round(shape.hot_y * factor), Math.round(shape.height * factor) - 1);
  const image = shown.toDataURL("image/png");
  return `image-set(url("${image}") ${density}x) ${Math.max(0, x)} ${Math.max(0, y)}, default`;
}

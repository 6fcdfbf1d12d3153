import test from "node:test";
import assert from "node:assert/strict";
import { chord, fitted, hidUsage, pointerButton, pointerPlace, wheel120 } from "../keymap.ts";

test("codes map to the usages of HID page 7", () => {
  const expected: Record<string, number> = {
    KeyA: 0x04, KeyZ: 0x1d, Digit1: 0x1e, Digit9: 0x26, Digit0: 0x27, Enter: 0x28, F1: 0x3a, F12: 0x45, F13: 0x68,
    F24: 0x73, Numpad1: 0x59, Numpad9: 0x61, Numpad0: 0x62, ArrowUp: 0x52, ControlLeft: 0xe0, MetaRight: 0xe7,
    IntlBackslash: 0x64,
  };
  for (const [code, usage] of Object.entries(expected)) assert.equal(hidUsage(code), usage, code);
});

test("no two codes share a usage", () => {
  const codes = [
    ...Array.from({ length: 26 }, (_, i) => `Key${String.fromCharCode(65 + i)}`),
    ...Array.from({ length: 10 }, (_, i) => `Digit${i}`),
    ...Array.from({ length: 10 }, (_, i) => `Numpad${i}`),
    ...Array.from({ length: 24 }, (_, i) => `F${i + 1}`),
    "Space", "Tab", "Escape", "Delete", "Home", "ShiftLeft", "ShiftRight", "NumpadEnter", "Enter",
  ];
  const seen = new Set(codes.map(hidUsage));
  assert.ok(!seen.has(null));
  assert.equal(seen.size, codes.length);
});

test("keys that no host knows are left alone", () => {
  assert.equal(hidUsage("BrowserBack"), null);
  assert.equal(hidUsage(""), null);
  assert.equal(hidUsage("F25"), null);
});

test("only the full chord is the page's own", () => {
  const all = { ctrlKey: true, altKey: true, shiftKey: true };
  assert.equal(chord({ ...all, code: "KeyQ" }), "disconnect");
  assert.equal(chord({ ...all, shiftKey: false, code: "KeyQ" }), null);
  assert.equal(chord({ ...all, code: "KeyP" }), null);
});

test("a place on the picture ignores the bars around it", () => {
  const picture = { width: 1280, height: 720 };
  const box = fitted({ left: 0, top: 0, width: 1000, height: 1000 }, picture);
  assert.equal(Math.round(box.height), 563);
  assert.deepEqual(pointerPlace(0, 0, box, picture), [0, 0]);
  assert.deepEqual(pointerPlace(2000, 2000, box, picture), [65535, 65535]);
  assert.deepEqual(pointerPlace(999, 500, box, picture)[0], Math.round((1278 * 65535) / 1279));
});

test("every pixel of a picture shown one to one is reached exactly, edges and corners first", () => {
  for (const [width, height] of [[1280, 720], [1366, 768], [1920, 1080], [3840, 2160], [1, 1]] as const) {
    const box = { left: 13, top: 7, width, height };
    // What the host makes of it: the nearest pixel of the same size.
    const pixel = (part: number, pixels: number) => Math.floor((part * (pixels - 1) * 2 + 65535) / (2 * 65535));
    for (let x = 0; x < width; x++) {
      const [px] = pointerPlace(13 + x, 7, box, { width, height });
      assert.equal(pixel(px, width), x);
    }
    for (let y = 0; y < height; y++) {
      const [, py] = pointerPlace(13, 7 + y + 0.9, box, { width, height });
      assert.equal(pixel(py, height), y);
    }
  }
});

test("buttons and wheel speak the host's units", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(pointerButton), [1, 2, 3, 8, 9, null]);
  assert.equal(wheel120(100, 0), 120);
  assert.equal(wheel120(-3, 1), -120);
});

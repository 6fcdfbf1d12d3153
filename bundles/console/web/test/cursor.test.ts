import test from "node:test";
import assert from "node:assert/strict";
import { HostPointer, shownScale, straight } from "../cursor.ts";

test("premultiplied colours become straight ones", () => {
  const argb = btoa(String.fromCharCode(255, 1, 2, 3, 128, 64, 128, 0, 0, 9, 9, 9));
  assert.deepEqual([...straight(argb)], [1, 2, 3, 255, 128, 255, 0, 128, 0, 0, 0, 0]);
});

test("a cursor is shown with the picture, within what browsers take", () => {
  assert.equal(shownScale({ width: 24, height: 24 }, 1), 1);
  assert.equal(shownScale({ width: 24, height: 24 }, 0.1), 0.5);
  assert.equal(shownScale({ width: 24, height: 24 }, 9), 2);
  assert.equal(shownScale({ width: 256, height: 64 }, 1), 0.5);
});

test("a pointer at rest, told before anybody shows it, is kept until the session is over", () => {
  const pointer = new HostPointer();
  const shape = { type: "cursor_shape", serial: 7, hot_x: 0, hot_y: 0, width: 1, height: 1, argb: "" } as const;
  pointer.take({ type: "cursor_moved", shape: 7, x: 3, y: 4 });
  assert.equal(pointer.shown, null);
  pointer.take(shape);
  assert.deepEqual(pointer.shown, { at: { type: "cursor_moved", shape: 7, x: 3, y: 4 }, shape });
  for (let serial = 8; serial < 71; serial++) pointer.take({ ...shape, serial });
  assert.equal(pointer.shown?.shape, shape);
  pointer.take({ type: "cursor_gone" });
  assert.equal(pointer.shown, null);
});

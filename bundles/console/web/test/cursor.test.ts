import test from "node:test";
import assert from "node:assert/strict";
import { shownScale, straight } from "../cursor.ts";

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

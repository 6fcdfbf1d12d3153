import test from "node:test";
import assert from "node:assert/strict";
import { Touches } from "../touch.ts";

test("a tap clicks, a tap of two is the right button", () => {
  const t = new Touches();
  assert.deepEqual(t.down(1, 10, 10, 0), []);
  assert.deepEqual(t.up(1, 100), [["b", 1, 1], ["b", 1, 0]]);
  t.down(1, 10, 10, 1000);
  t.down(2, 30, 10, 1010);
  t.up(1, 1050);
  assert.deepEqual(t.up(2, 1060), [["b", 3, 1], ["b", 3, 0]]);
});

test("one finger moves the pointer by what it moved, no pixel is lost", () => {
  const t = new Touches();
  t.down(1, 0, 0, 0);
  let x = 0;
  for (let i = 1; i <= 100; i++) for (const e of t.move(1, i, 0, 1)) if (e[0] === "m") x += e[1];
  assert.ok(Math.abs(x - 160) <= 1, String(x));
  assert.deepEqual(t.up(1, 900), [], "no click after a move");
});

test("two fingers scroll the way the paper goes", () => {
  const t = new Touches();
  t.down(1, 0, 100, 0);
  t.down(2, 50, 100, 0);
  let down = 0;
  for (let i = 1; i <= 50; i++)
    for (const id of [1, 2]) for (const e of t.move(id, id * 50 - 50, 100 - i, 1)) if (e[0] === "w") down += e[2];
  assert.ok(down > 60, String(down));
});

test("a tap that is held and moved drags", () => {
  const t = new Touches();
  t.down(1, 0, 0, 0);
  t.up(1, 50);
  assert.deepEqual(t.down(1, 0, 0, 150), [["b", 1, 1]]);
  assert.equal(t.holding, true);
  t.move(1, 50, 0, 1);
  assert.deepEqual(t.up(1, 900), [["b", 1, 0]]);
  assert.equal(t.holding, false);
});

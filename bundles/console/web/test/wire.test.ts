import test from "node:test";
import assert from "node:assert/strict";
import { readUnit } from "../wire.ts";

test("an access unit reads back and says its codec", () => {
  const bytes = new Uint8Array([1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0x61, 0x76, 0x31, 0, 0, 0, 1, 0x67]);
  const unit = readUnit(bytes.buffer);
  assert.ok(unit);
  assert.equal(unit.key, true);
  assert.equal(unit.sequence, 258);
  assert.equal(unit.codec, "av1");
  assert.deepEqual([...unit.data], [0, 0, 0, 1, 0x67]);
});

test("short and unknown messages are not units", () => {
  assert.equal(readUnit(new ArrayBuffer(11)), null);
  assert.equal(readUnit(new Uint8Array(20).buffer), null);
  assert.equal(readUnit(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x61, 0x62]).buffer), null);
});
